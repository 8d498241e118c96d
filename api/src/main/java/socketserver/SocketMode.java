package socketserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The permissions of a socket's file. The socket has them before it is bound: Linux gives the file
 * that binding makes the socket's permissions, less the umask. So there is no moment in which more
 * is allowed.
 *
 * <p>What the umask takes away has to be given by the file's name, and chmod(2) follows a link. The
 * system has no such call for a socket that does not. So that is done where nobody else can have
 * put a link in the file's place, and refused elsewhere.
 */
final class SocketMode {
  private static final Path SELF = Path.of("/proc/self");
  private static final String UMASK = "Umask:";

  private final Set<PosixFilePermission> mode;

  /** The file in its folder, without links, if its name has to be used; else null. */
  private final Path named;

  private SocketMode(Set<PosixFilePermission> mode, Path named) {
    this.mode = mode;
    this.named = named;
  }

  /**
   * Prepares a socket that is to be bound.
   *
   * @throws IOException if the file could not be given its permissions safely
   */
  static SocketMode prepare(int fd, Path file, Set<PosixFilePermission> mode) throws IOException {
    Path socket = SELF.resolve("fd").resolve(Integer.toString(fd));
    boolean set = Files.exists(socket);
    if (set) {
      Files.setPosixFilePermissions(socket, mode);
    }
    Path folder = file.toAbsolutePath().getParent();
    if (set && !umaskTakesFrom(mode) || folder == null || !Files.isDirectory(folder)) {
      return new SocketMode(mode, null);
    }
    folder = folder.toRealPath();
    Path open = Owner.changeableByOthers(folder);
    if (open != null) {
      throw new IOException(
          "cannot give "
              + file
              + " the mode "
              + PosixFilePermissions.toString(mode)
              + ": the umask takes from it, and others may change "
              + open
              + ", so it is not safe to set it later; set the umask before the JVM starts, or use a"
              + " folder that only this user and root may change");
    }
    return new SocketMode(mode, folder.resolve(file.getFileName()));
  }

  /** Gives the file, which binding has made, what the umask took away. */
  void complete() throws IOException {
    if (named != null) {
      Files.setPosixFilePermissions(named, mode);
    }
  }

  /** Whether the umask takes from a mode; true where it cannot be known. */
  private static boolean umaskTakesFrom(Set<PosixFilePermission> mode) throws IOException {
    Path status = SELF.resolve("status");
    if (!Files.exists(status)) {
      return true;
    }
    try (Stream<String> lines = Files.lines(status)) {
      int mask =
          lines
              .filter(line -> line.startsWith(UMASK))
              .map(line -> Integer.parseInt(line.substring(UMASK.length()).strip(), 8))
              .findFirst()
              .orElse(0777);
      return mode.stream().anyMatch(permission -> (mask & bit(permission)) != 0);
    }
  }

  /** OWNER_READ is the first, and the highest of nine bits. */
  private static int bit(PosixFilePermission permission) {
    return 0400 >> permission.ordinal();
  }
}
