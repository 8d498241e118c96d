package socketserver.spi;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import socketserver.BrokenPipeException;
import socketserver.ConnectInProgressException;
import socketserver.ConnectionException;
import socketserver.ConnectionResetException;
import socketserver.Errno;
import socketserver.WouldBlockException;

/**
 * The exception for each number of the system's errors, as Python's {@code OSError} has its
 * subclasses. Every transport asks here, so that an error has one type whichever call met it.
 */
public final class SystemErrors {
  private SystemErrors() {}

  /**
   * Makes the exception for a number.
   *
   * @param errno the number, one of {@link Errno} or another of the system's
   * @param message what failed, and why
   * @return the exception; a {@link SocketException} for a number that has none of its own
   */
  public static IOException of(int errno, String message) {
    if (errno == Errno.ECONNRESET) {
      return new ConnectionResetException(message);
    }
    if (errno == Errno.EPIPE || errno == Errno.ESHUTDOWN) {
      return new BrokenPipeException(message);
    }
    if (errno == Errno.ECONNABORTED) {
      return new ConnectionException(message);
    }
    if (errno == Errno.ECONNREFUSED) {
      return new ConnectException(message);
    }
    if (errno == Errno.ETIMEDOUT) {
      return new SocketTimeoutException(message);
    }
    if (errno == Errno.EAGAIN) {
      return new WouldBlockException(message);
    }
    if (errno == Errno.EINPROGRESS || errno == Errno.EALREADY) {
      return new ConnectInProgressException(message);
    }
    if (errno == Errno.ENETUNREACH || errno == Errno.EHOSTUNREACH || errno == Errno.EHOSTDOWN) {
      return new NoRouteToHostException(message);
    }
    if (errno == Errno.EMFILE
        || errno == Errno.ENFILE
        || errno == Errno.ENOBUFS
        || errno == Errno.ENOMEM) {
      return new OutOfResourcesException(message);
    }
    if (errno == Errno.EADDRNOTAVAIL || errno == Errno.EADDRINUSE) {
      return new BindException(message);
    }
    return new SocketException(message);
  }
}
