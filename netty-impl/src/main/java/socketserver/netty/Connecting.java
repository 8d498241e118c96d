package socketserver.netty;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import socketserver.Errno;
import socketserver.spi.SystemErrors;

/**
 * What a stream socket is before it is connected: connect(2), and somebody who waits for what it
 * comes to. The system keeps the state; this remembers only what Netty does not tell.
 *
 * <p>Guarded by the lock of the stream that has it.
 */
final class Connecting {
  private final Engine engine;
  private final Socket socket;

  /** Whether connect(2) has begun, and not said what came of it. */
  private boolean pending;

  /** Made when somebody has to wait. */
  private Readiness readiness;

  Connecting(Engine engine, Socket socket) {
    this.engine = engine;
    this.socket = socket;
  }

  /**
   * One connect(2), which does not wait.
   *
   * @param address the address in Netty's terms
   * @return what the system said, 0 if it is connected
   */
  int connect(SocketAddress address) throws IOException {
    int errno = call(address);
    if (errno == Errno.EINPROGRESS && pending) {
      // Netty has one answer for both
      return Errno.EALREADY;
    }
    pending = errno == Errno.EINPROGRESS;
    return errno;
  }

  private int call(SocketAddress address) throws IOException {
    try {
      return socket.connect(address) ? 0 : Errno.EINPROGRESS;
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

  boolean isPending() {
    return pending;
  }

  /** What to wait with until something has come of it. */
  Readiness readiness() throws IOException {
    if (readiness == null) {
      readiness = new Readiness(engine, socket);
    }
    return readiness;
  }

  /** Ends all waiting, and has the loop forget the descriptor. */
  void end() {
    if (readiness != null) {
      readiness.nudge();
      readiness.close();
      readiness = null;
    }
  }

  /** What it means that reading or writing failed. */
  static IOException failed(Exception cause) {
    int errno = ChannelErrors.errno(cause);
    if (errno == Errno.EPIPE) {
      return SystemErrors.of(errno, "broken pipe: " + Errno.strerror(Errno.ENOTCONN));
    }
    if (errno == Errno.EINVAL) {
      // what a Unix socket says
      return SystemErrors.of(Errno.ENOTCONN, Errno.strerror(Errno.ENOTCONN));
    }
    return ChannelErrors.of(cause);
  }
}
