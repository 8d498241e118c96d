package socketserver;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/** The exceptions for what connect(2) says. */
final class ConnectErrors {
  private ConnectErrors() {}

  /** The exception for a number that is not 0; its message names the address. */
  static IOException of(int errno, SocketAddress address) {
    String message = "cannot connect to " + address + ": " + Errno.strerror(errno);
    if (errno == Errno.EINPROGRESS || errno == Errno.EALREADY) {
      return new ConnectInProgressException(
          "connecting to " + address + ": " + Errno.strerror(errno));
    }
    if (errno == Errno.EAGAIN) {
      return new WouldBlockException(message);
    }
    if (errno == Errno.ECONNREFUSED) {
      return new ConnectException(message);
    }
    if (errno == Errno.ETIMEDOUT) {
      return new SocketTimeoutException(message);
    }
    if (errno == Errno.ENETUNREACH || errno == Errno.EHOSTUNREACH) {
      return new NoRouteToHostException(message);
    }
    if (errno == Errno.EADDRNOTAVAIL || errno == Errno.EADDRINUSE) {
      return new BindException(message);
    }
    if (errno == Errno.ECONNRESET) {
      return new ConnectionResetException(message);
    }
    return errno == Errno.ECONNABORTED
        ? new ConnectionException(message)
        : new SocketException(message);
  }
}
