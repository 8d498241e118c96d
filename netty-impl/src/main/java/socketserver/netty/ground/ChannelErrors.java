package socketserver.netty.ground;

import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import socketserver.BrokenPipeException;
import socketserver.ConnectionException;
import socketserver.Errno;
import socketserver.spi.SystemErrors;

/**
 * Makes the API's exceptions of Netty's and the JDK's: from the system's number, so that the
 * language of the system's messages does not matter. Nothing else in this module looks at what an
 * exception says. The other modules that use Netty ask here as well, so that none of its exceptions
 * reaches a program.
 */
public final class ChannelErrors {
  /** What stands before the number in Netty's messages. */
  private static final String CODE = "failed with error(";

  private ChannelErrors() {}

  /**
   * What a call on a closed socket throws.
   *
   * @return the error
   */
  public static SocketException closed() {
    return new SocketException("bad file descriptor: the socket is closed");
  }

  // Numbers

  /** The system's number in an exception of Netty's or of the JDK's; 0 if there is none. */
  public static int errno(Throwable error) {
    if (error instanceof NativeIoException known) {
      return -known.expectedErr();
    }
    int errno = ofType(error);
    if (errno == 0) {
      errno = written(error);
    }
    // Netty's wrappers, and its connect exceptions; another's IOException is its own
    boolean wraps = error instanceof SocketException || !(error instanceof IOException);
    if (errno == 0 && wraps && error.getCause() != null) {
      errno = errno(error.getCause());
    }
    return errno == 0 ? saidByJdk(error) : errno;
  }

  /** The number that a type stands for, as Netty and the JDK use it. */
  private static int ofType(Throwable error) {
    if (error instanceof NotYetConnectedException) {
      return Errno.ENOTCONN;
    }
    if (error instanceof ClosedChannelException) {
      return Errno.EBADF;
    }
    if (error instanceof AlreadyConnectedException) {
      return Errno.EISCONN;
    }
    if (error instanceof ConnectionPendingException) {
      return Errno.EALREADY;
    }
    if (error instanceof NoRouteToHostException) {
      return Errno.EHOSTUNREACH;
    }
    if (error instanceof PortUnreachableException) {
      return Errno.ECONNREFUSED;
    }
    // Netty's for ENOENT; others have a message
    return error instanceof FileNotFoundException && error.getMessage() == null ? Errno.ENOENT : 0;
  }

  /** Of connect(2), Netty has the number nowhere but in its message. */
  private static int written(Throwable error) {
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

  /**
   * The one place that has nothing but words to go by: the JDK's channels keep the number to
   * themselves. "Connection reset" is the JDK's own text; the rest are the system's, which on a
   * system in another language are not found here. Such an exception stays the JDK's.
   */
  private static int saidByJdk(Throwable error) {
    Class<?> type = error.getClass();
    if (type == ConnectException.class) {
      return says(error, "timed out") ? Errno.ETIMEDOUT : Errno.ECONNREFUSED;
    }
    if (type != IOException.class && type != SocketException.class) {
      return 0;
    }
    if (says(error, "connection reset")) {
      return Errno.ECONNRESET;
    }
    if (says(error, "broken pipe")) {
      return Errno.EPIPE;
    }
    if (says(error, "too many open files")) {
      return Errno.EMFILE;
    }
    return 0;
  }

  private static boolean says(Throwable error, String words) {
    return String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT).contains(words);
  }

  // Exceptions

  /**
   * What a call met, in the API's terms. An exception that is no system's error is its own.
   *
   * @param cause what Netty or the JDK has thrown
   * @return the exception to throw
   */
  public static IOException of(Throwable cause) {
    if (cause instanceof ConnectionException known) {
      return known;
    }
    int errno = errno(cause);
    if (errno != 0) {
      return SystemErrors.of(errno, words(errno, cause));
    }
    return cause instanceof IOException io ? io : new IOException(text(cause), cause);
  }

  /**
   * What a call met, in the API's terms.
   *
   * @param what what failed, as "cannot listen"
   * @param cause what Netty or the JDK has thrown
   * @return the exception to throw
   */
  public static IOException failed(String what, Throwable cause) {
    int errno = errno(cause);
    IOException error = SystemErrors.of(errno, what + ": " + words(errno, cause));
    error.initCause(cause);
    return error;
  }

  /**
   * An error that the channel met while it read.
   *
   * @param cause what Netty or the JDK has thrown
   * @return the exception to throw
   */
  public static IOException ofReading(Throwable cause) {
    Throwable root = cause.getCause() instanceof SSLException tls ? tls : cause;
    if (root instanceof NotSslRecordException) {
      // its message holds all that the peer has sent, which may be a password
      return new SSLException("not a tls record: the peer speaks something else");
    }
    return root instanceof SSLException tls ? tls : of(root);
  }

  /** An error that the channel met while it wrote: but for a few, nobody takes it any more. */
  public static IOException ofWriting(Throwable cause) {
    Throwable root = cause.getCause() instanceof IOException inner ? inner : cause;
    if (root instanceof SSLException tls) {
      return tls;
    }
    int errno = errno(root);
    if (errno == 0 || errno == Errno.EBADF || errno == Errno.ENOTCONN) {
      return new BrokenPipeException("broken pipe: " + words(errno, root));
    }
    return of(root);
  }

  /**
   * An error that binding met; the message names the address.
   *
   * @param address what was to be bound
   * @param cause what Netty or the JDK has thrown
   * @return the exception to throw
   */
  public static IOException ofBinding(SocketAddress address, Throwable cause) {
    int errno = errno(cause);
    String message = "cannot bind " + address + ": " + words(errno, cause);
    IOException error =
        errno != 0 || cause instanceof SocketException
            ? new BindException(message)
            : new IOException(message);
    error.initCause(cause);
    return error;
  }

  /**
   * An error that connecting met; the message names the address.
   *
   * @param address the peer's
   * @param cause what Netty or the JDK has thrown
   * @return the exception to throw
   */
  public static IOException ofConnecting(SocketAddress address, Throwable cause) {
    // Netty's own exception names the address once more; its cause does not
    Throwable reason = cause.getCause() instanceof IOException inner ? inner : cause;
    return failed("cannot connect to " + address, reason);
  }

  /**
   * What the system said to a datagram; the message names its length and where it was to go.
   *
   * @param length how many bytes it has
   * @param target the peer's address
   * @param cause what Netty or the JDK has thrown
   * @return the exception to throw
   */
  public static IOException ofSending(int length, SocketAddress target, Throwable cause) {
    return failed("cannot send " + length + " bytes to " + target, cause);
  }

  // Words

  private static String words(int errno, Throwable cause) {
    if (errno == Errno.EBADF) {
      return closed().getMessage();
    }
    boolean known = Errno.errorcode(errno).startsWith("E");
    return known ? Errno.strerror(errno) : text(cause);
  }

  /** The system's words without the name of the call that Netty puts before them. */
  private static String text(Throwable cause) {
    String message = cause.getMessage();
    if (message == null) {
      return cause.toString();
    }
    int call = message.indexOf(CODE);
    return call < 0
        ? message
        : message.substring(message.indexOf(':', call) + 1).trim().toLowerCase(Locale.ROOT);
  }
}
