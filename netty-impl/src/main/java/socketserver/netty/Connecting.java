package socketserver.netty;

import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.NotYetConnectedException;
import socketserver.BrokenPipeException;
import socketserver.ConnectionResetException;
import socketserver.Errno;

/**
 * What a stream socket is before it is connected: connect(2), and somebody who waits for what it
 * comes to. The system keeps the state; this remembers only what Netty does not tell.
 *
 * <p>Guarded by the lock of the stream that has it.
 */
final class Connecting {
  private static final String CODE = "failed with error(";

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
      int errno = errno(e);
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

  /** The system's number in an exception of Netty's; 0 if there is none. */
  static int errno(Exception error) {
    if (error instanceof Errors.NativeIoException known) {
      return -known.expectedErr();
    }
    if (error instanceof FileNotFoundException) {
      return Errno.ENOENT;
    }
    if (error instanceof NotYetConnectedException) {
      return Errno.ENOTCONN;
    }
    String message = String.valueOf(error.getMessage());
    int code = message.indexOf(CODE);
    int end = message.indexOf(')', code + CODE.length());
    if (code < 0 || end < 0) {
      return 0;
    }
    try {
      return -Integer.parseInt(message.substring(code + CODE.length(), end));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** What it means that reading or writing failed. */
  static IOException failed(Exception cause) {
    int errno = errno(cause);
    IOException error;
    if (errno == Errno.ECONNREFUSED) {
      error = new ConnectException(Errno.strerror(errno));
    } else if (errno == Errno.EPIPE) {
      error = new BrokenPipeException("broken pipe: " + Errno.strerror(Errno.ENOTCONN));
    } else if (errno == Errno.ECONNRESET) {
      error = new ConnectionResetException(Errno.strerror(errno));
    } else if (errno == Errno.ETIMEDOUT) {
      error = new SocketTimeoutException(Errno.strerror(errno));
    } else if (errno == Errno.ENOTCONN || errno == Errno.EINVAL) {
      // the second is what a Unix socket says
      error = new SocketException(Errno.strerror(Errno.ENOTCONN));
    } else {
      error = new SocketException(ChannelErrors.text(cause));
    }
    error.initCause(cause);
    return error;
  }
}
