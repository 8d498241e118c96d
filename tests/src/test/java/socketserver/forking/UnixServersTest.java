package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.ForkingUnixStreamServer;
import socketserver.StreamSocket;
import socketserver.UnixAddress;
import socketserver.fixture.Answering;
import socketserver.fixture.Bounds;
import socketserver.fixture.RunningServer;

/** Forking servers whose sockets are files. */
@Timeout(120)
class UnixServersTest {
  @TempDir private Path folder;

  private static String ask(Path path, String line) throws IOException {
    try (StreamSocket client = StreamSocket.connect(UnixAddress.of(path), Bounds.WAIT)) {
      client.settimeout(Bounds.WAIT);
      client.sendall(line + "\n");
      try (var reader = client.makefileReader(-1)) {
        return reader.readline(StandardCharsets.UTF_8).strip();
      }
    }
  }

  @Test
  void keepTheFileWhileTheParentServesWhateverAChildDoes() throws Exception {
    Path path = folder.resolve("s");
    ForkingUnixStreamServer server =
        new ForkingUnixStreamServer(
            path,
            Answering.with(
                (line, handler) -> {
                  var copy = handler.server(ForkingUnixStreamServer.class);
                  copy.shutdown();
                  copy.serverClose();
                  return copy.unlinkOnClose() + " " + copy.serverAddress() + " " + copy.fileno();
                }));
    server.unlinkOnClose(true);
    server.spareChildren(0);
    try (var running = RunningServer.start(server)) {
      // the first child is gone when the second is asked
      for (int i = 0; i < 2; i++) {
        assertEquals("true " + running.server().serverAddress() + " -1", ask(path, ""));
        assertTrue(Files.exists(path));
        server.collectChildren(true);
      }
      assertTrue(Files.exists(path));
    }
    assertFalse(Files.exists(path));
  }
}
