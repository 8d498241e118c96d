package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The UDP server whose handler has files. */
@Timeout(120)
class DatagramUpperTest {
  @Test
  void answersAllTheLinesInOneDatagram() throws Exception {
    try (var server = new Serving(DatagramUpper.server(Serving.anyPort()));
        var peer = new UdpPeer(server.port())) {
      assertEquals("1 ONE\n2 TWO\n3 NO END", peer.ask("one\ntwo\nno end"));
    }
  }

  @Test
  void answersNoLinesWithAnEmptyDatagram() throws Exception {
    try (var server = new Serving(DatagramUpper.server(Serving.anyPort()));
        var peer = new UdpPeer(server.port())) {
      assertEquals("", peer.ask(""));
    }
  }

  @Test
  void theProgramAnswersAsPythonDoes() throws Exception {
    compareWithPython("one\ntwo\n", "\n\n", "no end", "a\r\nb");
  }

  @Test
  void noLinesAreAnsweredAsPythonDoes() throws Exception {
    compareWithPython("");
  }

  private static void compareWithPython(String... texts) throws Exception {
    try (var program = Program.java(DatagramUpper.class, "0");
        var python = Program.python("datagram_upper.py", "0");
        var peer = new UdpPeer(program.port());
        var pythonPeer = new UdpPeer(python.port())) {
      for (String text : texts) {
        assertEquals(pythonPeer.ask(text), peer.ask(text));
      }
    }
  }
}
