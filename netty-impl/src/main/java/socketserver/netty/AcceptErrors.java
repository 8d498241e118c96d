package socketserver.netty;

import java.io.IOException;
import java.net.SocketException;
import socketserver.Errno;
import socketserver.spi.OutOfResourcesException;

/** Says what accepting a connection has met. */
final class AcceptErrors {
  private AcceptErrors() {}

  static IOException of(Throwable cause) {
    IOException error = ChannelErrors.failed("cannot accept", cause);
    if (isWantOfResources(cause)) {
      error = new OutOfResourcesException(error.getMessage());
      error.initCause(cause);
    }
    return error;
  }

  /**
   * By the number. An exception of the JDK's may have none; but its channels deal with what a
   * client can cause, and what is left is the system's.
   */
  private static boolean isWantOfResources(Throwable error) {
    int errno = ChannelErrors.errno(error);
    if (errno == 0) {
      return error.getClass() == IOException.class || error.getClass() == SocketException.class;
    }
    return errno == Errno.EMFILE
        || errno == Errno.ENFILE
        || errno == Errno.ENOBUFS
        || errno == Errno.ENOMEM;
  }
}
