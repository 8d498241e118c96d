package socketserver;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a server's Unix socket: its permissions, taking over a stale one, and its end. What a
 * Unix server adds to binding and closing.
 */
final class SocketFile {
  private static final Logger LOGGER = LoggerFactory.getLogger(SocketFile.class);
  private static final Duration PROBE = Duration.ofSeconds(1);

  /** S_IFMT and S_IFSOCK of inode(7). */
  private static final int TYPE_MASK = 0xf000;

  private static final int SOCKET_TYPE = 0xc000;

  final Attribute<Boolean> unlinkOnClose;
  final Attribute<Boolean> replaceStale;
  final Attribute<Set<PosixFilePermission>> fileMode;

  /** The file that binding made; null before, and when there is none. Guarded by this. */
  private Path path;

  /** Tells the file from a later one of the same path. Guarded by this. */
  private Object key;

  SocketFile(Object server, Class<?> home) {
    unlinkOnClose = new Attribute<>(server, home, "unlinkOnClose", false);
    replaceStale = new Attribute<>(server, home, "replaceStale", false);
    fileMode = new Attribute<>(server, home, "fileMode", null);
  }

  /** What binds the socket. */
  interface Binding {
    void bind() throws IOException;
  }

  /** Binds a socket as the attributes say. */
  synchronized void bind(
      BaseSocket socket,
      UnixAddress address,
      Binding binding,
      boolean replace,
      Set<PosixFilePermission> mode)
      throws IOException {
    if (!address.hasFile()) {
      binding.bind();
    } else {
      Path file = Path.of(address.path());
      if (mode != null) {
        restrict(socket.fileno(), mode);
      }
      try {
        binding.bind();
      } catch (BindException e) {
        if (!replace || !removeStale(file, address)) {
          throw e;
        }
        binding.bind();
      }
      key = key(file);
      path = file;
      if (mode != null) {
        Files.setPosixFilePermissions(file, mode);
      }
    }
    replaceStale.freeze("the server is bound to " + address);
    fileMode.freeze("the server is bound to " + address);
  }

  /**
   * Gives the socket the permissions that Linux gives the file when it is bound, less the umask. So
   * there is no moment in which more is allowed.
   */
  private static void restrict(int fd, Set<PosixFilePermission> mode) throws IOException {
    Path socket = Path.of("/proc/self/fd/" + fd);
    if (Files.exists(socket)) {
      Files.setPosixFilePermissions(socket, mode);
    }
  }

  /** Removes the file if it still is the one that binding made. Called while the socket is open. */
  synchronized void unlink() {
    if (path == null) {
      return;
    }
    Path file = path;
    path = null;
    try {
      // the socket, still open, keeps its inode from being given to another file
      if (key != null && key.equals(key(file))) {
        Files.delete(file);
      }
    } catch (NoSuchFileException e) {
      LOGGER.debug("{} is gone already", file);
    } catch (IOException e) {
      LOGGER.warn("cannot remove the socket file {}: {}", file, e.toString());
    }
  }

  /**
   * Removes a socket's file that nobody has open.
   *
   * @return whether it was removed
   */
  private static boolean removeStale(Path file, UnixAddress address) throws IOException {
    Object found;
    try {
      found = key(file);
      if (!isSocket(file) || !nobodyHas(address)) {
        return false;
      }
    } catch (NoSuchFileException e) {
      return true;
    }
    return take(file, found);
  }

  /** Somebody else may replace the file at the same time: only the one that was asked goes. */
  private static boolean take(Path file, Object found) throws IOException {
    Path aside =
        file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      Files.move(file, aside);
    } catch (NoSuchFileException e) {
      return true;
    }
    if (found != null && found.equals(key(aside))) {
      Files.delete(aside);
      LOGGER.info("replaced {}, which a server has left", file);
      return true;
    }
    try {
      Files.createLink(file, aside);
      Files.delete(aside);
    } catch (FileAlreadyExistsException e) {
      LOGGER.warn("{} was replaced while it was examined; the older one is {}", file, aside);
    }
    return false;
  }

  /**
   * Tells whether no process has a socket bound to the address: connect(2) is refused, and so is a
   * datagram (a stream socket that does not listen yet would answer that it is of the wrong type).
   */
  private static boolean nobodyHas(UnixAddress address) {
    return refuses(() -> StreamSocket.connect(address, PROBE).close())
        && refuses(
            () -> {
              try (DgramSocket probe = new DgramSocket(StandardProtocolFamily.UNIX)) {
                probe.settimeout(PROBE);
                probe.sendto(new byte[0], address);
              }
            });
  }

  private static boolean refuses(Binding attempt) {
    try {
      attempt.bind();
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isSocket(Path file) throws IOException {
    Object mode = Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return ((Integer) mode & TYPE_MASK) == SOCKET_TYPE;
  }

  private static Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }
}
