package socketserver.contract;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import socketserver.UnixAddress;

/**
 * The other end of a connection: a socket of the JDK's, with nothing of the library in it. Its
 * calls block; an interrupt, such as that of a test's time-out, ends them.
 */
public final class Peer implements Closeable {
  private static final int CHUNK = 64 << 10;
  private static final long STUCK_MILLIS = 300;

  private final SocketChannel channel;

  /** Takes over a connected channel. */
  public Peer(SocketChannel channel) {
    this.channel = channel;
  }

  /** Connects to an address of the internet. */
  public static Peer connect(SocketAddress address) throws IOException {
    return new Peer(SocketChannel.open(address));
  }

  SocketChannel channel() {
    return channel;
  }

  SocketAddress address() throws IOException {
    return inTermsOfTheLibrary(channel.getLocalAddress());
  }

  SocketAddress remoteAddress() throws IOException {
    return inTermsOfTheLibrary(channel.getRemoteAddress());
  }

  private static SocketAddress inTermsOfTheLibrary(SocketAddress address) throws IOException {
    return address instanceof UnixDomainSocketAddress unix ? UnixAddress.of(unix) : address;
  }

  /** Sends all the bytes. */
  public void send(byte[] data) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(data);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** Sends a text. */
  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends until the connection takes no more for a while.
   *
   * @return how many bytes it took, {@code most} if all
   */
  long sendUntilStuck(long most) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    long sent = 0;
    try (Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_WRITE);
      while (sent < most) {
        if (selector.select(STUCK_MILLIS) == 0) {
          break;
        }
        selector.selectedKeys().clear();
        int length = (int) Math.min(CHUNK, most - sent);
        Pattern.fill(chunk.array(), length, sent);
        chunk.position(0).limit(length);
        sent += channel.write(chunk);
      }
    }
    channel.configureBlocking(true);
    return sent;
  }

  /** Receives a number of bytes, waiting for all of them. */
  public byte[] receive(int size) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(size);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the end after " + buffer.position() + " of " + size + " bytes");
      }
    }
    return buffer.array();
  }

  /** Receives as many bytes as a text has. */
  public String receiveText(int size) throws IOException {
    return new String(receive(size), StandardCharsets.UTF_8);
  }

  /** Receives everything to the end of the stream. */
  public byte[] receiveAll() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    while (channel.read(buffer.clear()) >= 0) {
      all.write(buffer.array(), 0, buffer.position());
    }
    return all.toByteArray();
  }

  /** Whether bytes are there within a time. */
  boolean awaitArrived(long millis) throws IOException {
    try (Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      return (millis == 0 ? selector.selectNow() : selector.select(millis)) > 0;
    }
  }

  /** Receives once; -1 at the end of the stream. */
  int receive(ByteBuffer target) throws IOException {
    return channel.read(target);
  }

  /** Waits for the end of the stream, and tells whether it was there. */
  public boolean isAtEnd() throws IOException {
    return channel.read(ByteBuffer.allocate(1)) < 0;
  }

  /** Ends its direction of the stream. */
  public void end() throws IOException {
    channel.shutdownOutput();
  }

  /** Closes the connection abruptly. Over the internet: with a reset. */
  void reset() throws IOException {
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    channel.close();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
