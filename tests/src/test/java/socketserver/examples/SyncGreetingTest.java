package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The greeting server that serves one client after the other. */
@Timeout(120)
class SyncGreetingTest {
  private final Output out = new Output();

  @Test
  void greetsOneClientAfterTheOtherOnTheThreadThatServes() throws Exception {
    try (var server = new Serving(SyncGreeting.server(Serving.anyPort(), out.stream()))) {
      for (int i = 0; i < 3; i++) {
        try (var peer = new Peer(server.port())) {
          assertEquals("Thank you for connecting", peer.readToEnd());
        }
      }
      assertEquals(3, out.text().lines().count());
      for (Thread printer : out.printers()) {
        assertEquals(server.thread(), printer);
      }
    }
  }

  @Test
  void theProgramGreetsAsPythonDoes() throws Exception {
    try (var program = Program.java(SyncGreeting.class, "0", "127.0.0.1");
        var python = Program.python("greeting.py", "0", "sync");
        var peer = new Peer(program.port());
        var pythonPeer = new Peer(python.port())) {
      assertEquals(pythonPeer.readToEnd(), peer.readToEnd());
    }
  }
}
