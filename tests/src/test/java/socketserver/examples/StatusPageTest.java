package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The status page. */
@Timeout(180)
@SuppressWarnings("try") // a server is there to be asked by its path
class StatusPageTest {
  private static final String GET = "GET / HTTP/1.0\r\n\r\n";

  @TempDir private Path folder;
  private Path path;

  /** What the server's clock shows. */
  private volatile Instant now = Instant.parse("2026-11-07T02:18:48Z");

  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return now;
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          throw new UnsupportedOperationException();
        }
      };

  @BeforeEach
  void choosePath() {
    path = folder.resolve("status.sock");
  }

  private Serving serving() throws Exception {
    return serving(Output.LIMIT);
  }

  private Serving serving(Duration patience) throws Exception {
    return new Serving(StatusPage.server(path, clock, patience));
  }

  private String ask(String request) throws Exception {
    try (var peer = new UnixPeer(path)) {
      peer.send(request);
      return peer.readToEnd();
    }
  }

  /** The whole answer: a status with a text. */
  private static String answer(String status, String text) {
    return "HTTP/1.0 "
        + status
        + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
        + text.length()
        + "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
        + text;
  }

  private String page(Path at, long pid, int requests, int uptime) throws Exception {
    return "socket: "
        + at
        + "\nmode: rw-rw----\npeer: pid "
        + pid
        + ", uid "
        + Files.getAttribute(folder, "unix:uid")
        + ", gid "
        + Files.getAttribute(folder, "unix:gid")
        + "\nrequests: "
        + requests
        + "\nuptime: "
        + uptime
        + " s\n";
  }

  @Test
  void thePageTellsOfTheSocketThePeerAndTheServer() throws Exception {
    try (var server = serving()) {
      long pid = ProcessHandle.current().pid();
      assertEquals(answer("200 OK", page(path, pid, 1, 0)), ask(GET));
      now = now.plusSeconds(61);
      assertEquals(
          answer("200 OK", page(path, pid, 2, 61)),
          ask("GET / HTTP/1.1\nHost: localhost\nX-Empty:\n\n"));
    }
  }

  @Test
  void theFileIsForTheOwnerAndTheGroupAndIsRemoved() throws Exception {
    try (var server = serving()) {
      assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }
    assertFalse(Files.exists(path));
  }

  @Test
  void aFileThatARunHasLeftIsTakenOver() throws Exception {
    try (var left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(path));
    }
    assertTrue(Files.exists(path));
    try (var server = serving()) {
      assertTrue(ask(GET).startsWith("HTTP/1.0 200 OK\r\n"));
    }
  }

  @Test
  void anotherPathIsNotFound() throws Exception {
    try (var server = serving()) {
      assertEquals(
          answer("404 Not Found", "404 Not Found: the page is at /\n"),
          ask("GET /etc/passwd HTTP/1.0\r\n\r\n"));
    }
  }

  @Test
  void anotherMethodIsNotAllowed() throws Exception {
    try (var server = serving()) {
      String answer = ask("POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.0 405 Method Not Allowed\r\n"), answer);
      assertTrue(answer.contains("\r\nAllow: GET\r\n"), answer);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n",
        "GET  / HTTP/1.0\r\n\r\n",
        "\u0016\u0003\u0001 hello\n\n",
        "GET / HTTP/1.0\r\nno header\r\n\r\n",
        "GET / HTTP/1.0\r\n: no name\r\n\r\n"
      })
  void nonsenseIsABadRequest(String request) throws Exception {
    try (var server = serving()) {
      String answer = ask(request);
      assertTrue(answer.startsWith("HTTP/1.0 400 Bad Request\r\n"), answer);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET / HTTP", "GET / HTTP/1.0\r\nHost: x\r\n"})
  void aRequestThatEndsTooEarlyIsABadRequest(String request) throws Exception {
    try (var server = serving();
        var peer = new UnixPeer(path)) {
      peer.send(request);
      peer.endOutput();
      String answer = peer.readToEnd();
      assertTrue(answer.startsWith("HTTP/1.0 400 Bad Request\r\n"), answer);
    }
  }

  @Test
  void aLineOfTheGreatestLengthIsReadAndALongerOneIsNot() throws Exception {
    String header = "X: " + "x".repeat(StatusPage.LONGEST_LINE - "X: \r".length());
    try (var server = serving()) {
      String fits = ask("GET / HTTP/1.0\r\n" + header + "\r\n\r\n");
      assertTrue(fits.startsWith("HTTP/1.0 200 OK\r\n"), fits);
      String long1 = ask("GET / HTTP/1.0\r\n" + header + "x\r");
      assertTrue(long1.startsWith("HTTP/1.0 431 Request Header Fields Too Large\r\n"), long1);
      String long2 = ask("x".repeat(StatusPage.LONGEST_LINE + 1));
      assertTrue(long2.startsWith("HTTP/1.0 414 URI Too Long\r\n"), long2);
    }
  }

  @Test
  void asManyHeadersAsAllowedAreReadAndOneMoreIsNot() throws Exception {
    String most = "GET / HTTP/1.0\r\n" + "A: b\r\n".repeat(StatusPage.MOST_HEADERS);
    try (var server = serving()) {
      String fits = ask(most + "\r\n");
      assertTrue(fits.startsWith("HTTP/1.0 200 OK\r\n"), fits);
      String many = ask(most + "A: b\r\n");
      assertTrue(many.startsWith("HTTP/1.0 431 Request Header Fields Too Large\r\n"), many);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET / HTTP/1.0\r\nHost"})
  void aClientThatFallsSilentIsToldSoAndHungUpOn(String begun) throws Exception {
    try (var server = serving(Duration.ofMillis(200))) {
      String answer = ask(begun);
      assertEquals(
          answer("408 Request Timeout", "408 Request Timeout: no complete request within 200 ms\n"),
          answer);
    }
  }

  @Test
  void aSilentClientDoesNotHoldAnother() throws Exception {
    try (var server = serving();
        var silent = new UnixPeer(path)) {
      assertTrue(ask(GET).startsWith("HTTP/1.0 200 OK\r\n"));
      silent.endOutput();
    }
  }

  @Test
  void curlSeesThePageWithItsOwnProcess() throws Exception {
    Tool.CURL.required();
    try (var program = Program.java(StatusPage.class, path.toString())) {
      assertEquals("listening on " + path + "\n", program.output.until("\n"));
      assertEquals(
          "in another terminal: curl --unix-socket " + path + " http://localhost/\n",
          program.output.until("\n"));
      String seen;
      long pid;
      try (var curl = curl("http://localhost/")) {
        seen = curl.output.rest();
        pid = curl.pid();
        assertEquals(0, curl.status());
      }
      String uptime = "uptime: \\d+ s\n";
      assertTrue(seen.matches("(?s).*\n" + uptime), seen);
      assertEquals(page(path, pid, 1, 0), seen.replaceFirst(uptime, "uptime: 0 s\n"));
      try (var curl = curl("http://localhost/missing")) {
        assertEquals("404 Not Found: the page is at /\n", curl.output.rest());
        assertEquals(0, curl.status());
      }
    }
  }

  private Program curl(String url) throws Exception {
    return Program.command(
        List.of("curl", "-sS", "-m", "60", "--unix-socket", path.toString(), url));
  }

  @Test
  void socatSeesThePageWithItsOwnProcess() throws Exception {
    Tool.SOCAT.required();
    try (var server = serving();
        var socat = Program.command(List.of("socat", "-", "UNIX-CONNECT:" + path))) {
      socat.type("GET / HTTP/1.0");
      socat.type("");
      assertEquals(answer("200 OK", page(path, socat.pid(), 1, 0)), socat.output.rest());
      assertEquals("", socat.errors.rest());
      assertEquals(0, socat.status());
    }
  }

  @Test
  void theProgramRemovesItsFileWhenItIsTerminated() throws Exception {
    try (var program = Program.java(StatusPage.class, path.toString())) {
      program.output.until("http://localhost/\n");
      assertTrue(Files.exists(path));
      program.terminate();
      assertEquals(0, program.status());
      assertFalse(Files.exists(path));
      assertEquals("", program.errors.rest());
    }
  }

  @Test
  void aFileThatIsNoSocketStaysAndIsNamed() throws Exception {
    Files.writeString(path, "precious");
    try (var program = Program.java(StatusPage.class, path.toString())) {
      assertEquals(1, program.status());
      String complaint = program.errors.rest();
      assertTrue(complaint.startsWith("error: ") && complaint.contains(path.toString()), complaint);
      assertEquals(1, complaint.lines().count(), complaint);
    }
    assertEquals("precious", Files.readString(path));
  }

  @Test
  void aFolderThatIsMissingIsNamed() throws Exception {
    Path missing = folder.resolve("missing").resolve("status.sock");
    try (var program = Program.java(StatusPage.class, missing.toString())) {
      assertEquals(1, program.status());
      String complaint = program.errors.rest();
      assertTrue(
          complaint.startsWith("error: ") && complaint.contains(missing.toString()), complaint);
      assertEquals(1, complaint.lines().count(), complaint);
    }
  }
}
