package socketserver.netty.stream;

import io.netty.channel.DefaultFileRegion;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import socketserver.Errno;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.ground.DescriptorCalls;
import socketserver.netty.ground.NativeFamily;
import socketserver.netty.ground.Scratch;

/** The calls on a descriptor that is a stream. */
public abstract class NativeCalls extends DescriptorCalls implements StreamCalls {
  /** Whether connect(2) has begun, and not said what came of it. */
  private boolean pending;

  /** Writing was shut down. */
  private boolean outputEnded;

  public NativeCalls(Socket socket, NativeFamily family) {
    super(socket, family);
  }

  @Override
  public final int receive(byte[] target, int offset, int length) throws IOException {
    Scratch scratch = Scratch.take();
    try {
      int count = socket().recvAddress(scratch.address(), 0, Math.min(length, Scratch.SIZE));
      if (count > 0) {
        scratch.buffer().get(0, target, offset, count);
      }
      return count;
    } finally {
      scratch.give();
    }
  }

  @Override
  public final byte[] receive(int most) throws IOException {
    Scratch scratch = Scratch.take();
    try {
      int count = socket().recvAddress(scratch.address(), 0, Math.min(most, Scratch.SIZE));
      if (count == 0) {
        return null;
      }
      byte[] bytes = new byte[Math.max(count, 0)];
      scratch.buffer().get(0, bytes);
      return bytes;
    } finally {
      scratch.give();
    }
  }

  @Override
  public final int send(byte[] source, int offset, int length) throws IOException {
    Scratch scratch = Scratch.take();
    try {
      int most = Math.min(length, Scratch.SIZE);
      scratch.buffer().put(0, source, offset, most);
      return socket().sendAddress(scratch.address(), 0, most);
    } finally {
      scratch.give();
    }
  }

  @Override
  public final long sendFile(DefaultFileRegion region, long from, long count) throws IOException {
    return SendFile.send(socket().intValue(), region, from, count);
  }

  @Override
  public final void shutdown(boolean input, boolean output) throws IOException {
    if (output && outputEnded) {
      // Netty makes the call once; the system refuses it when the peer has ended as well
      remoteAddress();
    }
    socket().shutdown(input, output);
    outputEnded |= output;
  }

  @Override
  public final int connect(SocketAddress address) throws IOException {
    int errno = tryConnect(family().toNetty(address));
    if (errno == Errno.EINPROGRESS && pending) {
      // Netty has one answer for both
      return Errno.EALREADY;
    }
    pending = errno == Errno.EINPROGRESS;
    return errno;
  }

  private int tryConnect(SocketAddress address) throws IOException {
    try {
      return socket().connect(address) ? 0 : Errno.EINPROGRESS;
    } catch (AlreadyConnectedException e) {
      return Errno.EISCONN;
    } catch (NoRouteToHostException e) {
      // Netty does not say which: the system knows at once of a network, and later of a host
      return pending ? Errno.EHOSTUNREACH : Errno.ENETUNREACH;
    } catch (IOException e) {
      int errno = ChannelErrors.errno(e);
      if (errno == 0) {
        throw e;
      }
      return errno;
    }
  }
}
