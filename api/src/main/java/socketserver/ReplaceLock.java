package socketserver;

import java.io.IOException;
import java.net.BindException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one process at a time holds while it takes over a stale socket file: a lock on a hidden file
 * beside it, which only this user can open. The system lets go of it when the process ends, and
 * whoever holds it removes the file in the end. Nothing is ever written to the file.
 *
 * <p>Whoever may make files in the folder could make that file first. Such a file is not trusted,
 * and keeps nobody from starting: then processes are not in turn.
 */
final class ReplaceLock implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(ReplaceLock.class);
  private static final Duration LIMIT = Duration.ofSeconds(1);
  private static final long PAUSE_NANOS = 1_000_000;

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path file;

  /** Null if there is no file that can be trusted. */
  private FileChannel locked;

  /** The same file once more; open as long as the lock is held, as closing it ends the lock. */
  private FileChannel again;

  private ReplaceLock(Path file) {
    this.file = file;
  }

  /**
   * Waits for the lock of a socket file.
   *
   * @throws BindException if another process of this user holds it for too long
   */
  static ReplaceLock acquire(Path socket) throws BindException {
    Path whole = socket.toAbsolutePath();
    ReplaceLock lock = new ReplaceLock(whole.resolveSibling("." + whole.getFileName() + ".lock"));
    try {
      long start = System.nanoTime();
      while (!lock.tryLock()) {
        if (System.nanoTime() - start > LIMIT.toNanos()) {
          throw new BindException(
              "cannot bind " + socket + ": another process takes it over: it holds " + lock.file);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (BindException e) {
      throw e;
    } catch (NoSuchFileException e) {
      // the folder is missing, which binding is about to say
    } catch (IOException | UnsupportedOperationException e) {
      LOGGER.warn(
          "cannot lock {}, so another process may take over {} meanwhile: {}",
          lock.file,
          socket,
          e.toString());
    }
    return lock;
  }

  private boolean tryLock() throws IOException {
    boolean held = false;
    // reading as well: to open a pipe for writing alone would wait
    locked = open(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !Owner.isSelf(file)) {
        throw new IOException("it is not a file of this user's");
      }
      held = locked.tryLock() != null && isStillThere();
    } catch (OverlappingFileLockException | NoSuchFileException e) {
      LOGGER.debug("{} is held by somebody else, or gone", file);
    } finally {
      if (!held) {
        release();
      }
    }
    return held;
  }

  private FileChannel open(OpenOption... options) throws IOException {
    Set<OpenOption> all = new HashSet<>(Set.of(options));
    all.add(LinkOption.NOFOLLOW_LINKS);
    return FileChannel.open(file, all, OWNER_ONLY);
  }

  /**
   * Whether what is locked is the file of that name, which whoever held it before may have removed:
   * then this process cannot lock it twice.
   */
  private boolean isStillThere() throws IOException {
    again = open(StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      again.tryLock();
      return false;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }

  @Override
  public void close() {
    try {
      if (locked != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOGGER.debug("cannot remove {}: {}", file, e.toString());
    } finally {
      release();
    }
  }

  private void release() {
    close(again);
    close(locked);
    again = null;
    locked = null;
  }

  private static void close(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      LOGGER.debug("closing a lock file failed", e);
    }
  }
}
