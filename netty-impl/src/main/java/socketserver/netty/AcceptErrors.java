package socketserver.netty;

import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;
import java.net.SocketException;
import socketserver.Errno;
import socketserver.spi.OutOfResourcesException;

/** Says what accepting a connection has met. */
final class AcceptErrors {
  private static final int ENOMEM = 12;
  private static final int ENFILE = 23;

  private AcceptErrors() {}

  static IOException of(Throwable cause) {
    if (!(cause instanceof IOException io)) {
      return new IOException(cause);
    }
    if (!isWantOfResources(io)) {
      return io;
    }
    IOException error = new OutOfResourcesException("cannot accept: " + ChannelErrors.text(io));
    error.initCause(io);
    return error;
  }

  /**
   * By the number. The JDK's channels have none; but they deal with what a client can cause, and
   * what is left is the system's.
   */
  private static boolean isWantOfResources(IOException error) {
    if (error instanceof NativeIoException known) {
      int errno = -known.expectedErr();
      return errno == Errno.EMFILE
          || errno == ENFILE
          || errno == Errno.ENOBUFS
          || errno == ENOMEM;
    }
    return error.getClass() == IOException.class
        || error.getClass() == SocketException.class;
  }
}
