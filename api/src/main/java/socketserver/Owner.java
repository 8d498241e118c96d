package socketserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Who owns files, by number, on systems that have such numbers. */
final class Owner {
  static final int ROOT = 0;

  private static final Path PROCESS = Path.of("/proc/self");
  private static final int WRITABLE_BY_OTHERS = 0022;
  private static final int STICKY = 01000;

  private Owner() {}

  /** Whether a file, or a link itself, is this process's user's. True where nobody knows. */
  static boolean isSelf(Path file) throws IOException {
    return !Files.exists(PROCESS)
        || number(file) == (Integer) Files.getAttribute(PROCESS, "unix:uid");
  }

  private static int number(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Finds who else could put something else in the place of a file of ours.
   *
   * @param folder the file's folder, without links
   * @return the first folder on the way that another user but root may change; null if there is
   *     none
   */
  static Path changeableByOthers(Path folder) throws IOException {
    for (Path at = folder; at != null; at = at.getParent()) {
      int mode = (Integer) Files.getAttribute(at, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      boolean open = (mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0;
      if (open || number(at) != ROOT && !isSelf(at)) {
        return at;
      }
    }
    return null;
  }
}
