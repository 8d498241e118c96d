package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The greeting server: threading, and as a script. */
@Timeout(180)
class GreetingTest {
  private static final String GREETING = "Thank you for connecting";

  private final Output out = new Output();

  @Test
  void greetsAndHangsUp() throws Exception {
    try (var server = new Serving(Greeting.server(Serving.anyPort(), out.stream()));
        var peer = new Peer(server.port())) {
      assertEquals(GREETING, peer.readToEnd());
      assertEquals("Got connection from " + peer.address() + "\n", out.text());
    }
  }

  @Test
  void greetsEachClientInAThreadOfItsOwn() throws Exception {
    try (var server = new Serving(Greeting.server(Serving.anyPort(), out.stream()))) {
      for (int i = 0; i < 3; i++) {
        try (var peer = new Peer(server.port())) {
          assertEquals(GREETING, peer.readToEnd());
        }
      }
      assertEquals(3, out.text().lines().count());
      for (Thread printer : out.printers()) {
        assertTrue(printer != server.thread(), printer.getName());
      }
    }
  }

  @Test
  void theProgramPrintsItsPortAndWhatToTypeElsewhere() throws Exception {
    try (var program = Program.java(Greeting.class, "0", "127.0.0.1")) {
      int port = program.port();
      assertEquals(
          "in another terminal: curl telnet://127.0.0.1:" + port + " </dev/null\n",
          program.output.until("\n"));
      try (var peer = new Peer(port)) {
        assertEquals(GREETING, peer.readToEnd());
        assertEquals("Got connection from " + peer.address() + "\n", program.output.until("\n"));
      }
    }
  }

  @Test
  void whatItTellsToTypeReadsTheGreeting() throws Exception {
    Tool.CURL.required();
    try (var program = Program.java(Greeting.class, "0", "127.0.0.1")) {
      program.output.until("in another terminal: ");
      String command = program.output.until("\n").strip();
      try (var typed = Program.command(List.of("sh", "-c", command))) {
        assertEquals(GREETING, typed.output.rest());
        assertEquals(0, typed.status());
      }
    }
  }

  @Test
  void theScriptRunsFromItsSource() throws Exception {
    Path script = Path.of("..", "examples", "scripts", "Greeting.java");
    try (var program = Program.java(script.toString(), "0");
        var peer = new Peer(program.port())) {
      assertEquals(GREETING, peer.readToEnd());
      assertEquals("Got connection from " + peer.address() + "\n", program.output.until("\n"));
    }
  }

  @Test
  void answersAsPythonDoes() throws Exception {
    try (var python = Program.python("greeting.py", "0");
        var peer = new Peer(python.port())) {
      assertEquals(GREETING, peer.readToEnd());
    }
  }

  @Test
  void aPythonClientReadsTheGreeting() throws Exception {
    try (var server = new Serving(Greeting.server(Serving.anyPort(), out.stream()));
        var python = Program.python("read_all.py", String.valueOf(server.port()))) {
      assertEquals(GREETING + "\n", python.output.rest());
      assertEquals(0, python.status());
    }
  }

  @Test
  void socatReadsTheGreeting() throws Exception {
    Tool.SOCAT.required();
    try (var server = new Serving(Greeting.server(Serving.anyPort(), out.stream()));
        var socat =
            Program.command(List.of("socat", "-u", "TCP:127.0.0.1:" + server.port(), "-"))) {
      assertEquals(GREETING, socat.output.rest());
      assertEquals("", socat.errors.rest());
      assertEquals(0, socat.status());
    }
  }
}
