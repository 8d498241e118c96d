package socketserver.unix;

import java.io.IOException;
import org.newsclub.net.unix.AFSocket;

/** junixsocket's native library, which is unpacked to a folder and loaded when it is needed. */
public final class NativeLibrary {
  private static final Throwable FAILURE = load();

  private NativeLibrary() {}

  private static Throwable load() {
    try {
      AFSocket.ensureSupported();
      return null;
    } catch (UnsupportedOperationException e) {
      return e.getCause() == null ? e : e.getCause();
    }
  }

  /**
   * Returns why it cannot be loaded.
   *
   * @return null if it is loaded
   */
  public static Throwable failure() {
    return FAILURE;
  }

  /**
   * Says why it cannot be loaded and what helps, for the end of a message that says what needs it.
   *
   * @return the text
   */
  public static String text() {
    return "junixsocket's native library, which cannot be loaded: "
        + FAILURE.getMessage()
        + " (it is unpacked to where it may be executed: name a folder with"
        + " -Dorg.newsclub.net.unix.library.tmpdir)";
  }

  /** Refuses where it cannot be loaded. */
  static void require(String what) throws IOException {
    if (FAILURE != null) {
      throw new IOException(what + " need " + text(), FAILURE);
    }
  }
}
