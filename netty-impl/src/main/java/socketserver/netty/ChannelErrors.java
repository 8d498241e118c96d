package socketserver.netty;

import io.netty.channel.unix.Errors;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.SocketException;
import javax.net.ssl.SSLException;
import socketserver.BrokenPipeException;
import socketserver.ConnectionResetException;

/** Says what Netty's exceptions mean in the terms of the API. */
final class ChannelErrors {
  private ChannelErrors() {}

  /** An error that the channel met while it read. */
  static IOException ofReading(Throwable cause) {
    Throwable root = cause.getCause() instanceof SSLException tls ? tls : cause;
    if (root instanceof NotSslRecordException) {
      // its message holds all that the peer has sent, which may be a password
      return new SSLException("not a tls record: the peer speaks something else");
    }
    if (root instanceof SSLException tls) {
      return tls;
    }
    String message = message(root);
    if (message.contains("reset")) {
      return new ConnectionResetException("connection reset by peer");
    }
    return root instanceof IOException io ? io : new IOException(message, root);
  }

  /** An error that the channel met while it wrote. */
  static IOException ofWriting(Throwable cause) {
    Throwable root = cause.getCause() instanceof IOException inner ? inner : cause;
    if (root instanceof SSLException tls) {
      return tls;
    }
    String message = message(root);
    if (message.contains("reset")) {
      return new ConnectionResetException("connection reset by peer");
    }
    return new BrokenPipeException("broken pipe: " + message);
  }

  /** The same error for another caller: with the caller's stack, and the first as its cause. */
  static IOException again(IOException first) {
    IOException error;
    if (first instanceof ConnectionResetException) {
      error = new ConnectionResetException(first.getMessage());
    } else if (first instanceof BrokenPipeException) {
      error = new BrokenPipeException(first.getMessage());
    } else if (first instanceof SSLException) {
      error = new SSLException(first.getMessage());
    } else {
      error = new SocketException(first.getMessage());
    }
    error.initCause(first);
    return error;
  }

  /** An error that binding met; the message names the address. */
  static IOException ofBinding(SocketAddress address, Throwable cause) {
    String message = "cannot bind " + address + ": " + text(cause);
    IOException error =
        isAddressError(cause) ? new BindException(message) : new IOException(message);
    error.initCause(cause);
    return error;
  }

  /** An error that connecting met; the message names the address. */
  static IOException ofConnecting(SocketAddress address, Throwable cause) {
    // Netty's own exception names the address once more; its cause does not
    Throwable reason = cause.getCause() instanceof IOException inner ? inner : cause;
    String message = "cannot connect to " + address + ": " + text(reason);
    IOException error =
        cause instanceof ConnectException
            ? new ConnectException(message)
            : new IOException(message);
    error.initCause(cause);
    return error;
  }

  /** What the system said to a datagram; the message names its length and where it was to go. */
  static IOException ofSending(int length, SocketAddress target, Throwable cause) {
    SocketException error =
        new SocketException("cannot send " + length + " bytes to " + target + ": " + text(cause));
    error.initCause(cause);
    return error;
  }

  private static boolean isAddressError(Throwable cause) {
    return cause instanceof BindException
        || cause instanceof Errors.NativeIoException
        || cause instanceof SocketException;
  }

  /** The system's words without the name of the call that Netty puts before them. */
  static String text(Throwable cause) {
    String message = cause.getMessage();
    if (message == null) {
      return cause.toString();
    }
    int call = message.indexOf("failed with error(-");
    if (call >= 0) {
      return message
          .substring(message.indexOf(':', call) + 1)
          .trim()
          .toLowerCase(java.util.Locale.ROOT);
    }
    return message;
  }

  private static String message(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.toString() : text(cause);
  }
}
