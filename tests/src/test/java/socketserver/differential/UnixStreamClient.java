package socketserver.differential;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * The JDK's Unix stream socket in the form of its other sockets, which alone have a time-out. It
 * can have a path of its own, for the server to see.
 *
 * <p>A server that closes a Unix socket with something unread makes a reset of the end that it has
 * sent just before, and of what is sent to it then a broken pipe. Which of them a client gets to
 * see is a matter of microseconds, so here it is always what TCP shows: the end.
 */
final class UnixStreamClient extends Socket {
  private final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
  private int timeoutMillis;

  /** Connects; own is null for no path. */
  UnixStreamClient(Path own, Path server, int timeoutMillis) throws IOException {
    super((SocketImpl) null);
    this.timeoutMillis = timeoutMillis;
    try {
      if (own != null) {
        channel.bind(UnixDomainSocketAddress.of(own));
      }
      channel.connect(UnixDomainSocketAddress.of(server));
      channel.configureBlocking(false);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void setSoTimeout(int millis) {
    timeoutMillis = millis;
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    try {
      return channel.getLocalAddress();
    } catch (IOException e) {
      throw new IllegalStateException("the socket is closed", e);
    }
  }

  @Override
  public InputStream getInputStream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
        try {
          int count = channel.read(buffer);
          if (count == 0) {
            await(SelectionKey.OP_READ);
            count = channel.read(buffer);
          }
          return count;
        } catch (SocketTimeoutException | ClosedChannelException e) {
          throw e;
        } catch (IOException e) {
          return -1;
        }
      }
    };
  }

  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] source, int offset, int length) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(source, offset, length);
        while (left.hasRemaining() && write(left)) {
          if (left.hasRemaining()) {
            await(SelectionKey.OP_WRITE);
          }
        }
      }

      /** Returns false if the pipe is broken. */
      private boolean write(ByteBuffer left) throws IOException {
        try {
          channel.write(left);
          return true;
        } catch (ClosedChannelException e) {
          throw e;
        } catch (IOException e) {
          return false;
        }
      }
    };
  }

  private void await(int operation) throws IOException {
    // a selector that stays would hold the channel open when it is closed
    try (Selector selector = Selector.open()) {
      channel.register(selector, operation);
      if (selector.select(timeoutMillis) == 0) {
        throw new SocketTimeoutException("nothing in " + timeoutMillis + " ms");
      }
    }
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  /** There is no reset over Unix sockets but by closing with something unread. */
  @Override
  public void setSoLinger(boolean on, int seconds) {
    // closing does not wait either way
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
