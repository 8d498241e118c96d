package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The UDP server and its client. */
@Timeout(120)
class UdpEchoTest {
  private final Output out = new Output();

  @Test
  void answersADatagramInCapitals() throws Exception {
    try (var server = new Serving(UdpEcho.server(Serving.anyPort(), out.stream()));
        var peer = new UdpPeer(server.port())) {
      assertEquals("HELLO WORLD", peer.ask("hello world\n"));
      assertEquals("AGAIN", peer.ask("  again  "));
      assertEquals("127.0.0.1 wrote:\nhello world\n127.0.0.1 wrote:\nagain\n", out.text());
    }
  }

  @Test
  void answersAnEmptyDatagramWithAnEmptyOne() throws Exception {
    try (var server = new Serving(UdpEcho.server(Serving.anyPort(), out.stream()));
        var peer = new UdpPeer(server.port())) {
      assertEquals("", peer.ask(""));
    }
  }

  @Test
  void whatAClientSendsMovesNoCursor() throws Exception {
    try (var server = new Serving(UdpEcho.server(Serving.anyPort(), out.stream()));
        var peer = new UdpPeer(server.port())) {
      peer.ask("\u001b[2J\nx");
      assertEquals("127.0.0.1 wrote:\n\\x1b[2J\\nx\n", out.text());
    }
  }

  @Test
  void theProgramAnswersAsPythonDoes() throws Exception {
    compareWithPython("hello world\n", "  1 a\tb \r\n", "a".repeat(8000));
  }

  @Test
  void whatIsStrippedToNothingIsAnsweredAsPythonDoes() throws Exception {
    compareWithPython("", "\n", "   ");
  }

  private static void compareWithPython(String... texts) throws Exception {
    try (var program = Program.java(UdpEcho.class, "0");
        var python = Program.python("udp_echo.py", "0");
        var peer = new UdpPeer(program.port());
        var pythonPeer = new UdpPeer(python.port())) {
      for (String text : texts) {
        assertEquals(pythonPeer.ask(text), peer.ask(text));
      }
    }
  }

  @Test
  void theClientPrintsWhatItSentAndWhatItGot() throws Exception {
    try (var server = new Serving(UdpEcho.server(Serving.anyPort(), out.stream()))) {
      Output seen = new Output();
      UdpClient.ask(new InetSocketAddress("localhost", server.port()), "hello", seen.stream());
      assertEquals("Sent:     hello\nReceived: HELLO\n", seen.text());
    }
  }

  @Test
  void bothClientsGetTheSameFromBothServers() throws Exception {
    try (var program = Program.java(UdpEcho.class, "0");
        var python = Program.python("udp_echo.py", "0")) {
      for (Program server : new Program[] {program, python}) {
        String port = String.valueOf(server.port());
        try (var client = Program.java(UdpClient.class, port, "hello", "there");
            var pythonClient = Program.python("udp_client.py", port, "hello", "there")) {
          assertEquals("Sent:     hello there\nReceived: HELLO THERE\n", client.output.rest());
          assertEquals(0, client.status());
          assertEquals(
              "Sent:     hello there\nReceived: HELLO THERE\n", pythonClient.output.rest());
          assertEquals(0, pythonClient.status());
        }
      }
    }
  }

  @Test
  void theClientNamesTheWordThatIsMissing() throws Exception {
    try (var client = Program.java(UdpClient.class)) {
      assertEquals(2, client.status());
      assertEquals("error: PORT is missing", client.errors.rest().lines().findFirst().get());
    }
  }
}
