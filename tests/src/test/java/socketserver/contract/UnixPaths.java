package socketserver.contract;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Paths in a folder, each for one socket: no two are the same. */
final class UnixPaths {
  private final Path folder;
  private final String prefix;
  private final AtomicInteger count = new AtomicInteger();

  UnixPaths(Path folder, String prefix) {
    this.folder = folder;
    this.prefix = prefix;
  }

  Path next() {
    return folder.resolve(prefix + count.incrementAndGet());
  }
}
