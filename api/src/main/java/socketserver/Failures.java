package socketserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import socketserver.spi.Printable;

/**
 * What a connection has thrown, as long as somebody holds it: a handler may use other connections,
 * and an exception does not say whose it is.
 */
final class Failures {
  private static final int MOST = 16;

  /** Guarded by this; null while nothing has failed. The oldest first. */
  private List<WeakReference<IOException>> thrown;

  /**
   * Remembers an exception, which the caller then throws.
   *
   * @return the exception, or one like it if the peer has put something into its text that is not
   *     fit for a log
   */
  IOException add(IOException error) {
    IOException clean = error instanceof SSLException tls ? clean(tls) : error;
    synchronized (this) {
      if (thrown == null) {
        thrown = new ArrayList<>(1);
      }
      thrown.removeIf(each -> each.get() == null || each.get() == clean);
      if (thrown.size() == MOST) {
        thrown.remove(0);
      }
      thrown.add(new WeakReference<>(clean));
    }
    return clean;
  }

  /** Whether this connection has thrown it: this very one. */
  private synchronized boolean holds(Throwable error) {
    return thrown != null && thrown.stream().anyMatch(each -> each.get() == error);
  }

  /**
   * Returns the failure of this connection that an exception is, whether or not an iterator has
   * wrapped it; null if it is something else, or has something else suppressed in it.
   */
  IOException in(Throwable error) {
    if (!isOnlyOurs(error)) {
      return null;
    }
    return holds(error) ? (IOException) error : ((UncheckedIOException) error).getCause();
  }

  /** The causes of what the connection has thrown are its own. */
  private boolean isOnlyOurs(Throwable error) {
    boolean ours =
        holds(error) || error instanceof UncheckedIOException wrapped && holds(wrapped.getCause());
    for (Throwable each = error; ours && each != null; each = each.getCause()) {
      for (Throwable suppressed : each.getSuppressed()) {
        ours &= isOnlyOurs(suppressed);
      }
    }
    return ours;
  }

  /** An exception of the TLS engine's may quote a name or certificate of the peer's. */
  private static IOException clean(SSLException error) {
    if (isPrintable(error)) {
      return error;
    }
    String message = Printable.of(error.getMessage());
    SSLException clean =
        error instanceof SSLHandshakeException
            ? new SSLHandshakeException(message)
            : new SSLException(message);
    clean.setStackTrace(error.getStackTrace());
    return clean;
  }

  private static boolean isPrintable(Throwable error) {
    String message = error.getMessage();
    return (message == null || Printable.isPrintable(message, Printable.MOST))
        && (error.getCause() == null || isPrintable(error.getCause()));
  }
}
