package socketserver.unix;

import java.io.IOException;
import java.net.BindException;
import java.nio.channels.Channel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import socketserver.UnixAddress;

/**
 * Binds to a path at which nothing exists, as bind(2) does, with calls that do more than that:
 * Netty's removes whatever is at the path, junixsocket's whatever does not answer, and be it a
 * regular file.
 *
 * <p>An empty file is made there first, in the step in which the system checks that nothing is
 * there. So what the call removes is that file. Who comes in between finds the file, or makes one
 * that the call finds; nobody's is lost.
 */
final class SocketPath {
  /**
   * The bytes of a name: sun_path in unix(7) has one more, which ends a path. An abstract name
   * could use that, too, but Netty then reads beyond it.
   */
  private static final int LONGEST = isBsd() ? 103 : 107;

  private SocketPath() {}

  /** A call that binds one socket, and that may remove a file at the path beforehand. */
  interface BindCall {
    void bind(UnixAddress address) throws IOException;
  }

  static void bind(UnixAddress address, BindCall call) throws IOException {
    checkLength(address);
    if (address.isAbstract() || address.isUnnamed()) {
      try {
        call.bind(address);
      } catch (IOException e) {
        throw failed(address, e.getMessage(), e);
      }
      return;
    }
    Path path = path(address);
    Reserved reserved = reserve(path);
    try {
      if (address.path().getBytes(StandardCharsets.UTF_8).length == LONGEST) {
        // of a path of this length Netty does not know where it ends, and may not find the file
        release(path, reserved);
      }
      call.bind(address);
    } catch (IOException e) {
      release(path, reserved);
      throw failed(address, e.getMessage(), e);
    } finally {
      reserved.close();
    }
  }

  /** Refuses what does not fit; for connecting and sending, too. */
  static void checkLength(UnixAddress address) throws BindException {
    int length = address.path().getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST) {
      throw new BindException(
          "unix socket path too long: "
              + length
              + " bytes of "
              + LONGEST
              + " at the most: "
              + address);
    }
  }

  private static Path path(UnixAddress address) throws BindException {
    boolean ascii = address.path().chars().allMatch(c -> c < 128);
    String names = System.getProperty("sun.jnu.encoding", "UTF-8");
    if (!ascii && !names.toUpperCase(Locale.ROOT).replace("-", "").equals("UTF8")) {
      throw failed(
          address,
          "this JVM takes file names for "
              + names
              + "; start it in a UTF-8 locale (LC_ALL=C.UTF-8)",
          null);
    }
    try {
      return Path.of(address.path());
    } catch (InvalidPathException e) {
      throw failed(address, e.getReason(), e);
    }
  }

  /**
   * The file that reserves a path. It is held open while it may be asked for by its key: the system
   * gives the inode of a file that is gone to the next one, which is another server's.
   */
  private record Reserved(Channel file, Object key) {
    void close() {
      try {
        file.close();
      } catch (IOException e) {
        // nothing was written
      }
    }
  }

  /** Makes an empty file where nothing is. */
  private static Reserved reserve(Path path) throws BindException {
    try {
      Channel file =
          Files.newByteChannel(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try {
        return new Reserved(file, key(path));
      } catch (IOException e) {
        file.close();
        throw e;
      }
    } catch (FileAlreadyExistsException e) {
      throw failed(path, "address already in use: " + describe(path), e);
    } catch (NoSuchFileException e) {
      throw failed(path, "no such file or directory: its folder is missing", e);
    } catch (AccessDeniedException e) {
      throw failed(path, "permission denied", e);
    } catch (FileSystemException e) {
      throw failed(path, e.getReason() == null ? e.toString() : lower(e.getReason()), e);
    } catch (IOException e) {
      throw failed(path, e.toString(), e);
    }
  }

  private static void release(Path path, Reserved reserved) {
    try {
      if (reserved.key() != null && reserved.key().equals(key(path))) {
        Files.delete(path);
      }
    } catch (IOException e) {
      // the call has removed it before it failed
    }
  }

  private static Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  private static String describe(Path path) {
    if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return "the path is a regular file";
    }
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return "the path is a folder";
    }
    return "the path exists; remove it if its server has ended, or see replaceStale";
  }

  private static BindException failed(Object address, String why, Exception cause) {
    BindException error = new BindException("cannot bind " + address + ": " + why);
    error.initCause(cause);
    return error;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static boolean isBsd() {
    String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    return name.contains("mac") || name.contains("bsd");
  }
}
