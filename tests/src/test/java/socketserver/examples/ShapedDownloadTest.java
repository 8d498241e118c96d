package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server that sends a file no faster than it is told. */
@Timeout(180)
class ShapedDownloadTest {
  private static final int LENGTH = 300_000;

  @TempDir private Path folder;
  private Path file;
  private String text;

  @BeforeEach
  void writeFile() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; lines.length() < LENGTH; i++) {
      lines.append("line ").append(i).append('\n');
    }
    text = lines.toString();
    file = Files.writeString(folder.resolve("file"), text);
  }

  @Test
  void aClientGetsTheWholeFile() throws Exception {
    try (var server = new Serving(ShapedDownload.server(Serving.anyPort(), file, LENGTH / 2));
        var client = new Peer(server.port())) {
      assertEquals(text, client.readToEnd());
    }
  }

  @Test
  void aClientThatLeavesHarmsNoOther() throws Exception {
    try (var server = new Serving(ShapedDownload.server(Serving.anyPort(), file, LENGTH / 2));
        var stays = new Peer(server.port())) {
      new Peer(server.port()).reset();
      assertEquals(text, stays.readToEnd());
    }
  }

  @Test
  void theProgramSendsToSocat() throws Exception {
    Tool.SOCAT.required();
    try (var program =
            Program.java(ShapedDownload.class, "" + file, "" + LENGTH, "0", "localhost");
        var socat =
            Program.command(List.of("socat", "-u", "TCP:localhost:" + program.port(), "-"))) {
      assertArrayEquals(
          text.getBytes(StandardCharsets.UTF_8),
          socat.output.rest().getBytes(StandardCharsets.UTF_8));
      assertEquals(0, socat.status());
    }
  }

  @Test
  void aRateThatIsNoneIsRefused() throws Exception {
    try (var program = Program.java(ShapedDownload.class, "" + file, "0")) {
      assertEquals(2, program.status());
      String complaint = program.errors.rest();
      assertTrue(complaint.contains("RATE is not a positive number: 0"), complaint);
    }
  }
}
