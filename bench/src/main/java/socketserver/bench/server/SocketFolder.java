package socketserver.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A fresh folder for a Unix socket, which goes with the process. */
final class SocketFolder {
  private SocketFolder() {}

  /** A path where nothing is yet. */
  static Path newPath() throws IOException {
    Path folder = Files.createTempDirectory("bench");
    Path path = folder.resolve("socket");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(path, folder), "remove socket"));
    return path;
  }

  private static void delete(Path path, Path folder) {
    try {
      Files.deleteIfExists(path);
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      System.err.println("left behind: " + e);
    }
  }
}
