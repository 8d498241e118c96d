package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Cookbook's echo server on Diesel, beside what was seen of the original. */
@Timeout(120)
class DieselEchoTest {
  private static final String GONE = "Exception: Connection closed by remote host\n";

  private static Program server() throws Exception {
    return Program.java(DieselEcho.class, "--port=0", "--iface", "127.0.0.1");
  }

  private static String connected(Peer peer) {
    return "Echo client connected from: " + peer.address().substring(1) + "\n";
  }

  @Test
  void answersEachLineWithWhatWasSaid() throws Exception {
    try (var program = server();
        var peer = new Peer(program.port())) {
      peer.send("Hello Diesel server!\r\n");
      String answer = "You said: Hello Diesel server!\r\n";
      assertEquals(answer, peer.readLike(answer));
      assertEquals(connected(peer), program.output.until("\n"));
    }
  }

  @Test
  void joinsALineThatComesInPiecesAndPartsThoseThatComeTogether() throws Exception {
    try (var program = server();
        var peer = new Peer(program.port())) {
      peer.send("in ");
      peer.send("pieces\r");
      // a line feed alone ends nothing
      peer.send("\none\ntwo\r\nthree\r\n\r\nrest");
      String answers =
          "You said: in pieces\r\nYou said: one\ntwo\r\nYou said: three\r\nYou said: \r\n";
      assertEquals(answers, peer.readLike(answers));
      peer.endOutput();
      assertEquals("", peer.readToEnd());
    }
  }

  @Test
  void keepsWhatTheClientSaysInUtf8() throws Exception {
    try (var program = server();
        var peer = new Peer(program.port())) {
      peer.send("欢迎\r\n");
      assertEquals("You said: 欢迎\r\n", peer.readLike("You said: 欢迎\r\n"));
    }
  }

  @Test
  void answersTheNextClientWhenOneHasGone() throws Exception {
    try (var program = server()) {
      int port = program.port();
      for (int i = 0; i < 3; i++) {
        try (var peer = new Peer(port)) {
          peer.send("hello " + i + "\r\n");
          String answer = "You said: hello " + i + "\r\n";
          assertEquals(answer, peer.readLike(answer));
          peer.endOutput();
          assertEquals("", peer.readToEnd());
          assertEquals(connected(peer) + GONE, program.output.until(GONE));
        }
      }
      // the original says so once more, and again, for ever
      program.terminate();
      assertEquals("", program.output.rest());
    }
  }

  @Test
  void talksWithSeveralClientsAtOnce() throws Exception {
    try (var program = server()) {
      int port = program.port();
      try (var first = new Peer(port);
          var second = new Peer(port)) {
        second.send("second\r\n");
        assertEquals("You said: second\r\n", second.readLike("You said: second\r\n"));
        first.send("first\r\n");
        assertEquals("You said: first\r\n", first.readLike("You said: first\r\n"));
      }
    }
  }

  @Test
  void pythonsSocketsSeeWhatTheySawOfTheOriginal() throws Exception {
    Tool.PYTHON.required();
    String script =
        """
        import socket, sys
        for i in range(2):
            with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as sock:
                sock.sendall(b"Hello Diesel server!\\r\\n")
                print(sock.recv(1024))
                sock.sendall(b"one\\r\\ntwo\\r\\n")
                answers = b""
                while answers.count(b"\\r\\n") < 2:
                    answers += sock.recv(1024)
                print(answers)
                sock.sendall(b"no end")
                sock.shutdown(socket.SHUT_WR)
                print(sock.recv(1024))
        """;
    String seen =
        """
        b'You said: Hello Diesel server!\\r\\n'
        b'You said: one\\r\\nYou said: two\\r\\n'
        b''
        """;
    try (var program = server();
        var python =
            Program.command(List.of("python3", "-c", script, String.valueOf(program.port())))) {
      assertEquals(seen + seen, python.output.rest());
      assertEquals(0, python.status());
    }
  }

  @Test
  void aPortInUseIsNamedAndEndsTheProgramWithAnError() throws Exception {
    try (var program = server()) {
      String port = String.valueOf(program.port());
      try (var late = Program.java(DieselEcho.class, "--port", port, "--iface=127.0.0.1")) {
        assertEquals(1, late.status());
        String complaint = late.errors.rest();
        assertTrue(complaint.contains("error: service at 127.0.0.1:" + port), complaint);
      }
    }
  }

  @Test
  void helpNamesTheOptions() throws Exception {
    try (var program = Program.java(DieselEcho.class, "--help")) {
      assertTrue(program.output.rest().startsWith("usage: DieselEcho [--port PORT]"));
      assertEquals(0, program.status());
    }
  }
}
