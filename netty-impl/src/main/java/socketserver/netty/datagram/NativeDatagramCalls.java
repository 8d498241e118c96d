package socketserver.netty.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import socketserver.Datagram;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.ground.DescriptorCalls;
import socketserver.netty.ground.NativeFamily;
import socketserver.netty.ground.Scratch;

/** The calls on a descriptor that sends and receives datagrams. */
public abstract class NativeDatagramCalls extends DescriptorCalls implements DatagramCalls {
  public NativeDatagramCalls(Socket socket, NativeFamily family) {
    super(socket, family);
  }

  /** Sends the bytes from the buffer's position to its limit; how many went. */
  protected abstract int send(ByteBuffer data, SocketAddress target) throws IOException;

  /** What the system said to a datagram. */
  protected IOException refused(int length, SocketAddress target, Exception cause) {
    return DatagramCalls.refused(length, target, cause);
  }

  /** Receives one datagram, cut where the buffer ends; null if there is none. */
  protected abstract Datagram receive(ByteBuffer buffer) throws IOException;

  /** The first bytes of a buffer that a datagram was received into. */
  protected static byte[] copy(ByteBuffer buffer, int length) {
    byte[] data = new byte[length];
    buffer.get(buffer.position(), data);
    return data;
  }

  @Override
  public boolean send(byte[] data, int offset, int length, SocketAddress target)
      throws IOException {
    return with(
        length,
        buffer -> {
          buffer.put(data, offset, length).flip();
          try {
            int sent =
                target == null
                    ? socket().send(buffer, buffer.position(), buffer.limit())
                    : send(buffer, target);
            // no byte is what an empty datagram has, too
            return sent > 0 || length == 0;
          } catch (IOException | NotYetConnectedException e) {
            throw refused(length, target, e);
          }
        });
  }

  @Override
  public final Datagram receive(int size) throws IOException {
    return with(Math.min(size, longest()) + 1, this::receive);
  }

  /** What is done with memory outside the heap. */
  private interface Use<T> {
    T of(ByteBuffer buffer) throws IOException;
  }

  /** Lends a buffer that ends after so many bytes. */
  private static <T> T with(int room, Use<T> use) throws IOException {
    if (room <= Scratch.SIZE) {
      Scratch scratch = Scratch.take();
      try {
        return use.of(scratch.buffer().clear().limit(room));
      } finally {
        scratch.buffer().clear();
        scratch.give();
      }
    }
    ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(room);
    try {
      return use.of(buffer.internalNioBuffer(0, room));
    } finally {
      buffer.release();
    }
  }

  @Override
  public final void connect(SocketAddress target) throws IOException {
    try {
      socket().connect(family().toNetty(target));
    } catch (IOException e) {
      throw ChannelErrors.ofConnecting(target, e);
    }
  }

  @Override
  public final SocketAddress remoteAddress() {
    return family().peer(socket());
  }
}
