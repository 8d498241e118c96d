package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.fixture.Background;

/** The web server on epoll. */
@Timeout(120)
class EpollWebServerTest {
  private static final String TEXT = "\nHello from Epoll Server!";
  private static final String RESPONSE =
      "HTTP/1.1 200 OK\r\nDate: Mon, 1 Apr 2013 01:01:01 GMT\r\n"
          + "Content-Type: text/plain\r\nContent-Length: 25\r\n\r\n"
          + TEXT;
  private static final String LINE = "-".repeat(40) + "\n";

  @TempDir private Path folder;
  private final Output out = new Output();
  private EpollWebServer server;
  private CompletableFuture<Boolean> ended;

  @BeforeEach
  void start() throws Exception {
    server = new EpollWebServer(Serving.anyPort(), out.stream());
    assertEquals("Started Epoll Server\n", out.until("\n"));
    run();
  }

  private void run() {
    ended =
        Background.ask(
            "web server",
            () -> {
              server.run();
              return true;
            });
  }

  @AfterEach
  void end() {
    server.close();
    assertTrue(Background.result(ended));
  }

  private Peer ask(String request) throws Exception {
    Peer peer = new Peer(server.port());
    peer.send(request);
    return peer;
  }

  @Test
  void answersAndHangsUp() throws Exception {
    try (var peer = ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n")) {
      assertEquals(RESPONSE, peer.readToEnd());
      assertEquals(LINE + "GET / HTTP/1.1\r\nHost: x\r\n\n", out.until("\r\n\n"));
    }
  }

  @Test
  void takesALineFeedForTheEndOfALine() throws Exception {
    try (var peer = ask("GET / HTTP/1.0\n\n")) {
      assertEquals(RESPONSE, peer.readToEnd());
      assertEquals(LINE + "GET / HTTP/1.0\n", out.until("1.0\n"));
    }
  }

  @Test
  void aRequestMayComeInPiecesWhileOthersAreAnswered() throws Exception {
    try (var slow = ask("GET / HTTP/1.1\r\n")) {
      try (var peer = ask("GET /other HTTP/1.1\r\n\r\n")) {
        assertEquals(RESPONSE, peer.readToEnd());
      }
      slow.send("\r");
      slow.send("\n");
      assertEquals(RESPONSE, slow.readToEnd());
    }
  }

  @Test
  void aClientMayEndItsOutputAfterTheRequest() throws Exception {
    try (var peer = ask("GET / HTTP/1.1\r\n\r\n")) {
      peer.endOutput();
      assertEquals(RESPONSE, peer.readToEnd());
    }
  }

  @Test
  void closesOneWhoLeavesBeforeTheEndOfTheRequest() throws Exception {
    try (var peer = ask("GET / HTTP/1.1\r\n")) {
      peer.endOutput();
      assertEquals("", peer.readToEnd());
    }
    answersAndHangsUp();
  }

  @Test
  void closesOneWhoseRequestIsTooLong() throws Exception {
    // no more than the server reads: what is left unread resets the connection
    String rest = "x".repeat(EpollWebServer.LONGEST_REQUEST + 1 - "GET / HTTP/1.1\r\nX: ".length());
    try (var peer = ask("GET / HTTP/1.1\r\nX: " + rest)) {
      assertEquals("", peer.readToEnd());
    }
    answersAndHangsUp();
  }

  @Test
  void takesTheLongestRequest() throws Exception {
    String end = "\r\n\r\n";
    String begin = "GET / HTTP/1.1\r\nX: ";
    String rest = "x".repeat(EpollWebServer.LONGEST_REQUEST - begin.length() - end.length());
    try (var peer = ask(begin + rest + end)) {
      assertEquals(RESPONSE, peer.readToEnd());
    }
  }

  @Test
  void oneThatIsResetDoesNotEndTheServer() throws Exception {
    try (var peer = ask("GET / HT")) {
      peer.reset();
    }
    try (var peer = ask("GET / HTTP/1.1\r\n\r\n")) {
      peer.reset();
    }
    try (var peer = ask("GET /last HTTP/1.1\r\n\r\n")) {
      assertEquals(RESPONSE, peer.readToEnd());
    }
  }

  @Test
  void moreConnectionsThanItTakesWaitUntilOneEnds() throws Exception {
    server.close();
    assertTrue(Background.result(ended));
    server = new EpollWebServer(Serving.anyPort(), out.stream(), 2, Duration.ofHours(1));
    run();
    try (var first = ask("GET /1 HTTP/1.1\r\n");
        var second = ask("GET /2 HTTP/1.1\r\n");
        var waiting = ask("GET /3 HTTP/1.1\r\n\r\n")) {
      first.send("\r\n");
      assertEquals(RESPONSE, first.readToEnd());
      assertEquals(RESPONSE, waiting.readToEnd());
      String answered = out.until("GET /3 HTTP/1.1\r\n\n");
      assertTrue(answered.startsWith("Started Epoll Server\n" + LINE + "GET /1 "), answered);
      second.send("\r\n");
      assertEquals(RESPONSE, second.readToEnd());
    }
  }

  @Test
  void oneWhoSaysNothingDoesNotKeepOthersOut() throws Exception {
    server.close();
    assertTrue(Background.result(ended));
    server = new EpollWebServer(Serving.anyPort(), out.stream(), 1, Duration.ofMillis(1));
    run();
    try (var silent = ask("");
        var waiting = ask("")) {
      assertEquals("", silent.readToEnd());
      assertEquals("", waiting.readToEnd());
    }
  }

  @Test
  void whatAClientSendsMovesNoCursor() throws Exception {
    try (var peer = ask("GET /\u001b[2J\rx HTTP/1.1\r\n\r\n")) {
      assertEquals(RESPONSE, peer.readToEnd());
      assertEquals(LINE + "GET /\\x1b[2J\\rx HTTP/1.1\r\n\n", out.until("1.1\r\n\n"));
    }
  }

  @Test
  void theProgramAnswersCurlAsPythonDoes() throws Exception {
    Tool.CURL.required();
    try (var program = Program.java(EpollWebServer.class, "--port=0");
        var python = Program.python("epoll_web_server.py", "0")) {
      for (Program each : List.of(python, program)) {
        assertEquals("Started Epoll Server\n", each.output.until("\n"));
        String address = "localhost:" + each.port();
        Path body = folder.resolve("body");
        List<String> command =
            List.of("curl", "-sS", "-4", "-A", "curl", "-o", body.toString(), "http://" + address);
        for (int i = 0; i < 2; i++) {
          try (var curl = Program.command(command)) {
            assertEquals(0, curl.status(), curl.errors::text);
          }
          assertArrayEquals(TEXT.getBytes(), Files.readAllBytes(body));
          assertEquals(
              LINE
                  + ("GET / HTTP/1.1\r\nHost: " + address)
                  + "\r\nUser-Agent: curl\r\nAccept: */*\r\n\n",
              each.output.until("\r\n\n"));
        }
      }
      program.terminate();
      assertEquals(143, program.status());
      assertEquals("", program.errors.rest());
    }
  }
}
