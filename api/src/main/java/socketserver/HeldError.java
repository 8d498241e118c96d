package socketserver;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The error that ended a call which had done a part of its work: that call returns the part, and
 * the next one reports the error, whichever that is. The system does the same for send(2) and
 * recv(2).
 *
 * <p>On any thread; one call reports it.
 */
final class HeldError {
  private final AtomicReference<IOException> held = new AtomicReference<>();

  /** Keeps an error, unless the next call meets it anew: no room, no time, or nobody to send to. */
  void hold(IOException error) {
    boolean metAnew =
        error instanceof InterruptedIOException
            || error instanceof WouldBlockException
            || error instanceof BrokenPipeException;
    if (!metAnew) {
      held.set(error);
    }
  }

  /** Throws the error, if there is one. */
  void report() throws IOException {
    if (held.get() == null) {
      return;
    }
    IOException error = held.getAndSet(null);
    if (error != null) {
      // filled in anew, so that the trace is of the call that fails
      error.fillInStackTrace();
      throw error;
    }
  }
}
