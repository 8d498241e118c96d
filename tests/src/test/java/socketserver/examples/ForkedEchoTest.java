package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The forking server with its two clients: the recipe's lines, but for the process numbers. */
@Timeout(240)
class ForkedEchoTest {
  private static final Pattern ANSWER =
      Pattern.compile(
          "Server sending response \\[current_process_id: data\\] = "
              + "\\[(\\d+): Hello echo server!\\]");

  @BeforeAll
  static void needForking() throws IOException {
    try (var server = new ForkedEcho.ForkingServer(Serving.anyPort())) {
      assertNotEquals(0, server.serverPort());
    } catch (UnsupportedOperationException e) {
      String message = "SKIPPED: " + e.getMessage();
      System.err.println(message);
      Assumptions.abort(message);
    }
  }

  @Test
  void printsTheLinesOfTheRecipeWithANewProcessForEachRequest() throws Exception {
    try (var program = Program.java(ForkedEcho.class)) {
      // this ends when no process can print there any more, so the children are gone as well
      assertTranscript(program.output.rest(), program.pid());
      assertEquals("", program.errors.rest());
      assertEquals(0, program.status());
    }
  }

  @Test
  void printsThemInAClassLoaderOfItsOwnToo() throws Exception {
    Path tests =
        Path.of(
            ClassLoaderOfItsOwn.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (var program =
        Program.javaOn(
            tests.toString(),
            ClassLoaderOfItsOwn.class.getName(),
            System.getProperty("java.class.path"),
            ForkedEcho.class.getName())) {
      assertTranscript(program.output.rest(), program.pid());
      assertEquals("", program.errors.rest());
      assertEquals(0, program.status());
    }
  }

  @Test
  void theyAreTheLinesThatPythonPrints() throws Exception {
    try (var python = Program.python("forked_echo.py")) {
      assertTranscript(python.output.rest(), python.pid());
      assertEquals("", python.errors.rest());
      assertEquals(0, python.status());
    }
  }

  @Test
  void bothClientsGetTheSameFromBothServers() throws Exception {
    try (var program = Program.java(ForkedEchoServer.class);
        var python = Program.python("forked_echo.py", "serve")) {
      for (Program server : List.of(program, python)) {
        int port = server.port();
        var out = new Output();
        runClients(port, out);
        long[] ours = {child(server), child(server)};
        assertClients(out.text(), ProcessHandle.current().pid(), ours);
        try (var client = Program.python("forked_echo.py", String.valueOf(port))) {
          long[] pythons = {child(server), child(server)};
          assertClients(client.output.rest(), client.pid(), pythons);
          assertEquals(0, client.status());
        }
        assertEquals("", server.errors.text());
      }
    }
  }

  /** A child finds classes in folders and jars, and a source file is compiled into neither. */
  @Test
  void aSourceFileThatRunsWithoutBeingCompiledFirstIsToldToBe(@TempDir Path folder)
      throws Exception {
    Path source = writeScript(folder);
    try (var program = Program.java(source.toString())) {
      assertEquals(1, program.status());
      assertEquals("", program.output.rest());
      String complaint = program.errors.rest();
      assertTrue(
          complaint.contains(
              "Script cannot be found by a child process: it is in no folder or jar; compile it"
                  + " before it runs"),
          complaint);
    }
  }

  @Test
  void itRunsWhenItIsCompiledFirst(@TempDir Path folder) throws Exception {
    Path source = writeScript(folder);
    Path classes = folder.resolve("out");
    String classPath = System.getProperty("java.class.path");
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-cp", classPath, "-d", classes.toString(), source.toString());
    assertEquals(0, status);

    try (var program = Program.java(List.of(classes), "Script")) {
      int port = program.port();
      String[] answers = new String[2];
      for (int i = 0; i < 2; i++) {
        try (var peer = new Peer(port)) {
          answers[i] = peer.readToEnd();
        }
        long child = Long.parseLong(answers[i]);
        assertNotEquals(program.pid(), child);
        assertEquals("handled by " + child + "\n", program.output.until("\n"));
      }
      assertNotEquals(answers[0], answers[1]);
      assertEquals("", program.errors.text());
    }
  }

  private static Path writeScript(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("Script.java"),
        """
        import java.net.*;
        import socketserver.*;

        class Script extends StreamRequestHandler {
          @Override
          public void handle() throws Exception {
            long pid = ProcessHandle.current().pid();
            System.out.println("handled by " + pid);
            wfile.write(pid + "");
          }

          public static void main(String[] args) throws Exception {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            try (var server = new ForkingTCPServer(address, Script::new)) {
              System.out.println("listening on port " + server.serverPort());
              server.serveForever();
            }
          }
        }
        """);
  }

  private static void runClients(int port, Output out) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    for (String which : List.of("First", "Second")) {
      var client = new ForkedEcho.ForkedClient(address);
      client.run(out.stream());
      client.shutdown();
      out.stream().println(which + " client running");
    }
  }

  /** The process that a server's next line is from. */
  private static long child(Program server) {
    Matcher answer = ANSWER.matcher(server.output.until("\n").strip());
    assertTrue(answer.matches(), answer::toString);
    long child = Long.parseLong(answer.group(1));
    assertNotEquals(server.pid(), child);
    return child;
  }

  /**
   * Checks all that the program prints. A child and its parent print at the same time, and Python a
   * line and its end one after the other: so the children's lines may be anywhere.
   */
  private static void assertTranscript(String printed, long pid) {
    Matcher answer = ANSWER.matcher(printed);
    assertTrue(answer.find(), printed);
    long first = Long.parseLong(answer.group(1));
    assertTrue(answer.find(), printed);
    long second = Long.parseLong(answer.group(1));
    assertNotEquals(pid, first);
    assertNotEquals(pid, second);
    assertNotEquals(first, second);
    assertEquals(
        "Server loop running PID: %d\n".formatted(pid)
            + client("First", pid, first, "")
            + client("Second", pid, second, ""),
        ANSWER.matcher(printed).replaceAll("").replaceAll("\n+", "\n"));
  }

  private static void assertClients(String printed, long pid, long... children) {
    assertNotEquals(children[0], children[1]);
    assertEquals(
        client("First", pid, children[0], "") + client("Second", pid, children[1], ""), printed);
  }

  /** What the recipe prints for a client, measured with CPython 3.9, 3.11 and 3.13. */
  private static String client(String which, long pid, long child, String between) {
    return """
    PID %1$d Sending echo message to the server : "Hello echo server!"
    Sent: 18 characters, so far...
    %2$sPID %1$d received: b'%3$s'
    %4$s client running
    """
        .formatted(pid, between, (child + ": Hello echo server!").substring(5), which);
  }
}
