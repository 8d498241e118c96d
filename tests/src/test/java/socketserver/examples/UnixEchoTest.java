package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The echo server on a Unix socket and its client. */
@Timeout(180)
@SuppressWarnings("try") // a server is there to be asked by its path
class UnixEchoTest {
  private static final String EXPECTED = "Sent:     hello 欢迎\nReceived: hello 欢迎\n";

  @TempDir private Path folder;
  private Path path;
  private final Output out = new Output();

  @BeforeEach
  void choosePath() {
    path = folder.resolve("echo.sock");
  }

  private Object uid() throws Exception {
    return Files.getAttribute(folder, "unix:uid");
  }

  @Test
  void sendsEachLineBackAndTheLastOneWithoutAnEndToo() throws Exception {
    try (var server = new Serving(UnixEcho.server(path, out.stream()));
        var peer = new UnixPeer(path)) {
      peer.send("one\r\n\n欢迎\nno end");
      peer.endOutput();
      assertEquals("one\r\n\n欢迎\nno end", peer.readToEnd());
      assertEquals("Connected: user " + uid() + "\n", out.text());
    }
    assertFalse(Files.exists(path));
  }

  @Test
  void aClientThatSaysNothingKeepsNobodyWaiting() throws Exception {
    try (var server = new Serving(UnixEcho.server(path, out.stream()));
        var silent = new UnixPeer(path);
        var peer = new UnixPeer(path)) {
      peer.send("hello\n");
      peer.endOutput();
      assertEquals("hello\n", peer.readToEnd());
      silent.endOutput();
      assertEquals("", silent.readToEnd());
    }
  }

  @Test
  void bothClientsGetTheSameFromBothServers() throws Exception {
    Path pythonPath = folder.resolve("python.sock");
    try (var program = Program.java(UnixEcho.class, path.toString());
        var python = Program.python("unix_echo.py", pythonPath.toString())) {
      assertEquals("listening on " + path + "\n", program.output.until("\n"));
      assertEquals("listening on " + pythonPath + "\n", python.output.until("\n"));
      for (Path at : List.of(path, pythonPath)) {
        try (var client = Program.java(UnixEchoClient.class, at.toString(), "hello", "欢迎");
            var pythonClient =
                Program.python("unix_echo_client.py", at.toString(), "hello", "欢迎")) {
          assertEquals(EXPECTED, client.output.rest());
          assertEquals("", client.errors.rest());
          assertEquals(0, client.status());
          assertEquals(EXPECTED, pythonClient.output.rest());
          assertEquals(0, pythonClient.status());
        }
      }
      for (Program server : List.of(program, python)) {
        String connected = "Connected: user " + uid() + "\n";
        assertEquals(connected, server.output.until("\n"));
        assertEquals(connected, server.output.until("\n"));
      }
    }
  }

  @Test
  void socatGetsItsLinesBack() throws Exception {
    Tool.SOCAT.required();
    try (var server = new Serving(UnixEcho.server(path, out.stream()));
        var socat = Program.command(List.of("socat", "-", "UNIX-CONNECT:" + path))) {
      socat.type("hello");
      assertEquals("hello\n", socat.output.until("\n"));
      socat.type("again");
      socat.endInput();
      assertEquals("again\n", socat.output.rest());
      assertEquals(0, socat.status());
    }
  }

  @Test
  void theProgramRemovesItsFileWhenItIsTerminated() throws Exception {
    try (var program = Program.java(UnixEcho.class, path.toString())) {
      program.output.until("listening on " + path + "\n");
      program.terminate();
      assertEquals(0, program.status());
      assertFalse(Files.exists(path));
      assertEquals("", program.errors.rest());
    }
  }

  @Test
  void theClientSaysThatThereIsNoServer() throws Exception {
    try (var client = Program.java(UnixEchoClient.class, path.toString(), "hello")) {
      assertEquals(1, client.status());
      String complaint = client.errors.rest();
      assertTrue(complaint.startsWith("error: ") && complaint.contains(path.toString()), complaint);
      assertEquals(1, complaint.lines().count(), complaint);
    }
  }

  @Test
  void theClientNamesTheWordThatIsMissing() throws Exception {
    try (var client = Program.java(UnixEchoClient.class)) {
      assertEquals(2, client.status());
      assertEquals("error: PATH is missing", client.errors.rest().lines().findFirst().get());
    }
  }
}
