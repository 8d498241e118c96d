package socketserver.differential;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import socketserver.BrokenPipeException;
import socketserver.ConnectionResetException;
import socketserver.WouldBlockException;

/** What Python calls the exceptions that we throw. */
final class PythonNames {
  /** In the order in which they are tried: the special before the general. */
  private static final Map<Class<? extends Throwable>, String> NAMES = new LinkedHashMap<>();

  static {
    NAMES.put(SystemExit.class, "SystemExit");
    NAMES.put(StackOverflowError.class, "RecursionError");
    NAMES.put(SocketTimeoutException.class, "TimeoutError");
    NAMES.put(ConnectException.class, "ConnectionRefusedError");
    NAMES.put(ConnectionResetException.class, "ConnectionResetError");
    NAMES.put(BrokenPipeException.class, "BrokenPipeError");
    NAMES.put(WouldBlockException.class, "BlockingIOError");
    NAMES.put(UnknownHostException.class, "gaierror");
    NAMES.put(EOFException.class, "EOFError");
    NAMES.put(IOException.class, "OSError");
    NAMES.put(IllegalArgumentException.class, "ValueError");
    NAMES.put(IllegalStateException.class, "RuntimeError");
    NAMES.put(NullPointerException.class, "TypeError");
    NAMES.put(ClassCastException.class, "TypeError");
    NAMES.put(UnsupportedOperationException.class, "UnsupportedOperation");
  }

  private PythonNames() {}

  static String of(Throwable error) {
    Throwable told = error instanceof UncheckedIOException ? error.getCause() : error;
    return NAMES.entrySet().stream()
        .filter(entry -> entry.getKey().isInstance(told))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseGet(() -> told.getClass().getSimpleName());
  }
}
