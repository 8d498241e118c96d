package socketserver.unix.fork;

import java.util.List;

/** Classes in the form in which a JVM has them in memory, so that children start sooner. */
final class ClassArchive implements AutoCloseable {
  /** Options for a child that uses the archive. */
  List<String> use() {
    return List.of();
  }

  @Override
  public void close() {}
}
