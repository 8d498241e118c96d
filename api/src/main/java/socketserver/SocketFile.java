package socketserver;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a server's Unix socket: its permissions, taking over a stale one, and its end. What a
 * Unix server adds to binding and closing.
 */
final class SocketFile {
  private static final Logger LOGGER = LoggerFactory.getLogger(SocketFile.class);
  private static final ReentrantLock REPLACING = new ReentrantLock();
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

  SocketFile(BaseServer<?> server, Class<?> home) {
    unlinkOnClose = new Attribute<>(server, home, "unlinkOnClose", false);
    replaceStale = new Attribute<>(server, home, "replaceStale", false);
    fileMode = new Attribute<>(server, home, "fileMode", null);
  }

  /** What binds the socket. */
  interface Binding {
    void bind() throws IOException;
  }

  /** What tells whether a file is stale. */
  interface Check {
    /**
     * Asks whether anybody has the socket at a path.
     *
     * @return what tells the stale file from a later one; null if it is none
     * @throws NoSuchFileException if nothing is there
     */
    Object stale(Path file, UnixAddress address) throws IOException;
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
      SocketMode given = mode == null ? null : SocketMode.prepare(socket.fileno(), file, mode);
      try {
        binding.bind();
      } catch (BindException e) {
        if (!replace || !replaced(file, address, binding, SocketFile::stale)) {
          throw e;
        }
      }
      key = key(file);
      path = file;
      if (given != null) {
        given.complete();
      }
    }
    replaceStale.freeze("the server is bound to " + address);
    fileMode.freeze("the server is bound to " + address);
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
   * Takes over a socket's file that nobody has open. One at a time, among all processes of this
   * user: from the question whether it is stale to the answer that is bound, nobody else may think
   * so.
   *
   * <p>Servers bind without asking for their turn while nothing is at the path, and the file that
   * reserves it is gone for a moment before the socket is there. So a path that is empty says
   * nothing about what is there next: then nothing is removed, and binding decides who gets it.
   *
   * @return whether the socket is bound now
   */
  static boolean replaced(Path file, UnixAddress address, Binding binding, Check check)
      throws IOException {
    REPLACING.lock();
    try {
      ReplaceLock turn = ReplaceLock.acquire(file);
      try {
        return replacedInTurn(file, address, binding, check);
      } finally {
        turn.close();
      }
    } finally {
      REPLACING.unlock();
    }
  }

  private static boolean replacedInTurn(
      Path file, UnixAddress address, Binding binding, Check check) throws IOException {
    boolean stale = false;
    try {
      Object found = check.stale(file, address);
      if (found == null || !found.equals(key(file))) {
        return false;
      }
      Files.delete(file);
      stale = true;
    } catch (NoSuchFileException e) {
      LOGGER.debug("{} is gone already", file);
    }
    binding.bind();
    if (stale) {
      LOGGER.info("replaced {}, which a server has left", file);
    }
    return true;
  }

  /** The {@link Check} of the system's own answers. */
  static Object stale(Path file, UnixAddress address) throws IOException {
    Object found = key(file);
    return isSocket(file) && nobodyHas(address) ? found : null;
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
