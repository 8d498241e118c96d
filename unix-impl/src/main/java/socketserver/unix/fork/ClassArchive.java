package socketserver.unix.fork;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.spi.ChildSettings;

/**
 * The classes of a child in the form in which a JVM has them in memory, so that the next children
 * take half the time to start: a class-data archive, or from Java 25 on an AOT cache. A child of
 * its own makes it, when enough were started to make it worth while, in a folder that goes with the
 * pool. Without it everything works as well.
 */
final class ClassArchive implements AutoCloseable, Child.Parent {
  private static final Logger LOGGER = LoggerFactory.getLogger(ClassArchive.class);

  /** Making it takes as long as starting ten children, in the background. */
  private static final int WORTH_WHILE = 6;

  private static final boolean AOT = Runtime.version().feature() >= 25;

  /** Guarded by this. */
  private int started;

  /** Guarded by this: the folder, once there is one. */
  private Path folder;

  /** Guarded by this: what makes it, while it does. */
  private Child maker;

  /** Guarded by this. */
  private boolean closed;

  /** Written under the lock: the options for a child that uses it. */
  private volatile List<String> options = List.of();

  /** Options for the next child. */
  List<String> use() {
    return options;
  }

  /** A child was started. */
  void started(ChildSettings settings) {
    synchronized (this) {
      if (closed || ++started != WORTH_WHILE) {
        return;
      }
    }
    Thread thread = new Thread(() -> make(settings), "socketserver-children-archive");
    thread.setDaemon(true);
    thread.start();
  }

  private void make(ChildSettings settings) {
    try {
      if (!ChildCommand.of(settings, List.of()).hasJarsOnly()) {
        LOGGER.debug("no class archive: a JVM archives classes of jars only");
        return;
      }
      Path file = newFolder().resolve("classes");
      ChildCommand command = ChildCommand.of(settings, List.of(making(file)), "archive");
      synchronized (this) {
        if (!closed) {
          maker = Child.start(this, command, 1);
          maker.begin(settings);
        }
      }
    } catch (IOException | RuntimeException e) {
      LOGGER.debug("no class archive", e);
    }
  }

  private synchronized Path newFolder() throws IOException {
    folder =
        Files.createTempDirectory(
            "socketserver-children",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return folder;
  }

  private static String making(Path file) {
    return (AOT ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + file;
  }

  private static List<String> using(Path file) {
    // whatever does not fit, the JVM goes on without
    return AOT
        ? List.of("-XX:AOTCache=" + file, "-Xlog:aot=off")
        : List.of("-XX:SharedArchiveFile=" + file, "-Xlog:cds=off");
  }

  // The child that makes it

  @Override
  public void ready(Child child) {
    child.leave();
  }

  @Override
  public void taken(Child child) {}

  @Override
  public void done(Child child, int status) {}

  @Override
  public synchronized void gone(Child child, int status) {
    maker = null;
    Path file = folder.resolve("classes");
    if (closed) {
      delete();
    } else if (status == 0 && Files.isReadable(file)) {
      options = using(file);
      LOGGER.debug("class archive of {} bytes", file.toFile().length());
    } else {
      LOGGER.debug("no class archive: the process that was to make it {}", Ending.of(status));
    }
  }

  /** Deletes it; children that use it have it open. */
  @Override
  public synchronized void close() {
    closed = true;
    options = List.of();
    if (maker != null) {
      maker.kill();
    }
    delete();
  }

  private void delete() {
    if (folder == null) {
      return;
    }
    File[] files = folder.toFile().listFiles();
    for (File file : files == null ? new File[0] : files) {
      file.delete();
    }
    folder.toFile().delete();
  }
}
