package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The time server's client, typed at through its standard input. */
@Timeout(180)
class TimeClientTest {
  @Test
  void asksForEachLineAndEndsAtAnEmptyOne() throws Exception {
    try (var server = Program.java(TimeServer.class, "0", "127.0.0.1");
        var client = Program.java(TimeClient.class, String.valueOf(server.port()), "127.0.0.1")) {
      assertEquals(transcript(client), "> |[TIME] hello|> |[TIME] 欢迎 you|> |");
      assertEquals(0, client.status());
    }
  }

  @Test
  void thePythonClientGetsTheSameFromOurServer() throws Exception {
    try (var server = Program.java(TimeServer.class, "0", "127.0.0.1");
        var python = Program.python("time_client.py", String.valueOf(server.port()))) {
      assertEquals(transcript(python), "> |[TIME] hello|> |[TIME] 欢迎 you|> |");
      assertEquals(0, python.status());
    }
  }

  @Test
  void ourClientGetsTheSameFromThePythonServer() throws Exception {
    try (var server = Program.python("time_server.py", "0");
        var client = Program.java(TimeClient.class, String.valueOf(server.port()), "127.0.0.1")) {
      assertEquals(transcript(client), "> |[TIME] hello|> |[TIME] 欢迎 you|> |");
      assertEquals(0, client.status());
    }
  }

  /** Types two lines and an empty one; what the client prints, a bar where it is read. */
  private static String transcript(Program client) throws Exception {
    StringBuilder seen = new StringBuilder();
    for (String line : new String[] {"hello", "欢迎 you"}) {
      seen.append(client.output.until("> ")).append('|');
      client.type(line);
      seen.append(client.output.until("\n").strip()).append('|');
    }
    seen.append(client.output.until("> ")).append('|');
    client.type("");
    seen.append(client.output.rest());
    return seen.toString().replaceAll(TimeServerTest.STAMP, "TIME");
  }

  @Test
  void endsWithItsInput() throws Exception {
    Output out = new Output();
    try (var server =
        new Serving(
            TimeServer.server(
                Serving.anyPort(), new Output().stream(), Clock.systemDefaultZone()))) {
      var typed = new BufferedReader(new StringReader("last line"));
      TimeClient.talk(new InetSocketAddress("127.0.0.1", server.port()), typed, out.stream());
    }
    assertEquals("> [TIME] last line\n> ", out.text().replaceAll(TimeServerTest.STAMP, "TIME"));
  }

  /** Against a plain socket, which sees what is sent. */
  @Test
  void sendsEachLineByANewConnectionWithCrLf() throws Exception {
    try (var listener = new ServerSocket()) {
      listener.bind(Serving.anyPort());
      listener.setSoTimeout((int) Output.LIMIT.toMillis());
      String port = String.valueOf(listener.getLocalPort());
      try (var client = Program.java(TimeClient.class, port, "127.0.0.1")) {
        for (String line : new String[] {"one", "two words"}) {
          try (var peer = new Peer(listener.accept())) {
            assertEquals("> ", client.output.until("> "));
            client.type(line);
            assertEquals(line + "\r\n", peer.readLike(line + "\r\n"));
            peer.send("  got it \r\n");
            assertEquals("got it\n", client.output.until("\n"));
            assertEquals("", peer.readToEnd());
          }
        }
        try (var last = new Peer(listener.accept())) {
          client.type("");
          assertEquals("", last.readToEnd());
        }
        assertEquals("> ", client.output.rest());
        assertEquals(0, client.status());
      }
    }
  }

  @Test
  void saysThatThereIsNoServer() throws Exception {
    int port;
    try (var listener = new ServerSocket()) {
      listener.bind(Serving.anyPort());
      port = listener.getLocalPort();
    }
    try (var client = Program.java(TimeClient.class, String.valueOf(port), "127.0.0.1")) {
      assertEquals(1, client.status());
      String complaint = client.errors.rest();
      assertEquals("error: ", complaint.substring(0, 7));
      assertEquals(1, complaint.lines().count(), complaint);
      assertEquals("", client.output.rest());
    }
  }
}
