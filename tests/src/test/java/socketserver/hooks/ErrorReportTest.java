package socketserver.hooks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.BaseRequestHandler;
import socketserver.BrokenPipeException;
import socketserver.ConnectionResetException;
import socketserver.HandlerFactory;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.fixture.Background;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.QueueServer;
import socketserver.fixture.RunningServer;
import socketserver.fixture.StandardError;
import socketserver.fixture.TcpClient;

/** What {@code handleError} does unless it is overridden. */
@Timeout(60)
class ErrorReportTest {
  private static final String RULE = "-".repeat(40);
  private static final String HEADLINE = "Exception occurred during processing of request from ";

  /** Throws what it is given. */
  private static final class Failing extends BaseRequestHandler<String> {
    private final Exception failure;

    Failing(Exception failure) {
      this.failure = failure;
    }

    @Override
    public void handle() throws Exception {
      throw failure;
    }
  }

  private static List<String> reportOf(Exception failure, SocketAddress client) {
    try (var err = new StandardError();
        var log = new LogCapture();
        var server = new QueueServer(() -> new Failing(failure))) {
      server.handleError("request", client, failure);
      assertEquals(List.of(), log.events());
      return err.text().lines().toList();
    }
  }

  @Test
  void reportStandsBetweenTwoRulesOnStandardError() {
    List<String> report = reportOf(new IllegalStateException("test failed"), QueueServer.CLIENT);
    assertEquals(RULE, report.get(0));
    assertEquals(HEADLINE + "('127.0.0.1', 4711)", report.get(1));
    assertEquals("java.lang.IllegalStateException: test failed", report.get(2));
    assertTrue(report.get(3).startsWith("\tat "), report.get(3));
    assertEquals(RULE, report.get(report.size() - 1));
    assertEquals(2, report.stream().filter(RULE::equals).count());
  }

  @Test
  void reportShowsTheCauses() {
    List<String> report =
        reportOf(
            new IllegalStateException("outside", new IOException("inside")), QueueServer.CLIENT);
    assertTrue(report.contains("Caused by: java.io.IOException: inside"), report.toString());
  }

  @Test
  void resolvedAddressIsPrintedInNumbers() throws IOException {
    InetAddress named = InetAddress.getByAddress("some.host", new byte[] {127, 0, 0, 1});
    List<String> report =
        reportOf(new IllegalStateException("test"), new InetSocketAddress(named, 80));
    assertEquals(HEADLINE + "('127.0.0.1', 80)", report.get(1));
  }

  @Test
  void ipv6AddressIsPrintedAsPythonsFourElements() throws IOException {
    List<String> report =
        reportOf(
            new IllegalStateException("test"),
            new InetSocketAddress(InetAddress.getByName("::1"), 80));
    assertEquals(HEADLINE + "('::1', 80, 0, 0)", report.get(1));
  }

  @Test
  void timeoutOfAReadIsAnErrorLikeAnyOther() {
    List<String> report = reportOf(new SocketTimeoutException("timed out"), QueueServer.CLIENT);
    assertEquals("java.net.SocketTimeoutException: timed out", report.get(2));
  }

  @Test
  void reportsOfSeveralThreadsDoNotMix() {
    int threads = 8;
    int reports = 20;
    String text;
    try (var err = new StandardError();
        var server = new QueueServer(() -> new Failing(new IllegalStateException("test")))) {
      List<Thread> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(
            Background.start(
                "reports " + i,
                () -> {
                  for (int j = 0; j < reports; j++) {
                    server.processRequestThread("request", QueueServer.CLIENT);
                  }
                }));
      }
      running.forEach(Eventually::ends);
      text = err.text();
    }
    List<String> rules = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (line.equals(RULE) || line.startsWith(HEADLINE)) {
        rules.add(line.equals(RULE) ? "rule" : "headline");
      }
    }
    for (int i = 0; i < threads * reports; i++) {
      assertEquals(List.of("rule", "headline", "rule"), rules.subList(i * 3, i * 3 + 3));
    }
    assertEquals(threads * reports * 3, rules.size());
  }

  @Test
  void lostConnectionThatIsNotTheRequestsIsReported() {
    for (Exception failure :
        List.of(
            new ConnectionResetException("connection reset by peer"),
            new UncheckedIOException(new BrokenPipeException("broken pipe")),
            new SSLHandshakeException("tls handshake failed"))) {
      List<String> report = reportOf(failure, QueueServer.CLIENT);
      assertEquals(failure.toString(), report.get(2));
    }
  }

  @Test
  void otherExceptionThatAnIteratorWrappedIsReported() {
    List<String> report =
        reportOf(new UncheckedIOException(new IOException("disk full")), QueueServer.CLIENT);
    assertTrue(report.get(2).contains("disk full"), report.toString());
  }

  @Test
  void resetWhileReadingIsOneDebugLine() throws IOException {
    class Reading extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        rfile.readAllBytes();
      }
    }

    hangUpOf(
        new TCPServer(RunningServer.anyPort(), Reading::new),
        client -> {
          client.send("no end");
          client.reset();
        });
  }

  @Test
  void resetWhileIteratingIsOneDebugLine() throws IOException {
    class Reading extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        for (byte[] line : rfile) {
          wfile.write(line);
        }
      }
    }

    hangUpOf(
        new TCPServer(RunningServer.anyPort(), Reading::new),
        client -> {
          client.send("one\n");
          assertEquals("one\n", client.line());
          client.reset();
        });
  }

  @Test
  void writingToAClientThatIsGoneIsOneDebugLine() throws IOException {
    class Writing extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        byte[] much = new byte[65536];
        while (true) {
          wfile.write(much);
        }
      }
    }

    hangUpOf(
        new TCPServer(RunningServer.anyPort(), Writing::new),
        client -> {
          client.read(10);
          client.reset();
        });
  }

  @Test
  void exceptionOfTheHandlerIsReportedAlthoughTheClientIsGoneWhenItFinishes() throws IOException {
    class Failing extends StreamRequestHandler {
      @Override
      public void handle() throws Exception {
        awaitReset(request);
        throw new IllegalStateException("no such account");
      }

      @Override
      public void finish() throws Exception {
        wfile.write("bye");
      }
    }

    List<String> report = reportOfARequest(Failing::new, TcpClient::reset);
    assertEquals("java.lang.IllegalStateException: no such account", report.get(2));
    assertTrue(
        report.stream().anyMatch(line -> line.startsWith("\tSuppressed: socketserver.")),
        report.toString());
  }

  @Test
  void hangUpThatHasAnotherExceptionSuppressedIsReported() throws IOException {
    class Failing extends StreamRequestHandler {
      @Override
      public void handle() throws Exception {
        try {
          rfile.readline();
        } catch (IOException e) {
          e.addSuppressed(new IOException("disk full"));
          throw e;
        }
      }
    }

    List<String> report = reportOfARequest(Failing::new, TcpClient::reset);
    assertTrue(report.get(2).startsWith(ConnectionResetException.class.getName()), report.get(2));
    assertTrue(report.contains("\tSuppressed: java.io.IOException: disk full"), report.toString());
  }

  @Test
  void hangUpThatHasOneLikeItSuppressedIsOneDebugLine() throws IOException {
    class Reading extends StreamRequestHandler {
      @Override
      public void handle() throws Exception {
        try {
          rfile.readline();
        } catch (IOException e) {
          IOException second = assertThrows(IOException.class, () -> wfile.write("bye"));
          e.addSuppressed(second);
          throw e;
        }
      }
    }

    hangUpOf(new TCPServer(RunningServer.anyPort(), Reading::new), TcpClient::reset);
  }

  @Test
  void resetOfAnotherConnectionIsReported() throws IOException {
    try (var backEnd = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      class Asking extends StreamRequestHandler {
        @Override
        public void handle() throws Exception {
          try (StreamSocket up = StreamSocket.connect(backEnd.getLocalSocketAddress())) {
            try (Socket accepted = backEnd.accept()) {
              accepted.setSoLinger(true, 0);
            }
            up.recv(1);
          }
        }
      }

      List<String> report = reportOfARequest(Asking::new, client -> {});
      assertTrue(report.get(2).startsWith(ConnectionResetException.class.getName()), report.get(2));
    }
  }

  @Test
  void failedTlsWithAnotherConnectionIsReported() throws IOException {
    try (var backEnd = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      class Asking extends StreamRequestHandler {
        @Override
        public void handle() throws Exception {
          try (StreamSocket up = StreamSocket.connect(backEnd.getLocalSocketAddress());
              Socket accepted = backEnd.accept()) {
            accepted.getOutputStream().write("220 no tls here\r\n".getBytes(US_ASCII));
            up.startTls(SSLContext.getDefault(), "db.example");
          } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
          }
        }
      }

      List<String> report = reportOfARequest(Asking::new, client -> {});
      assertTrue(report.get(2).startsWith(SSLHandshakeException.class.getName()), report.get(2));
    }
  }

  @Test
  void whatAClientHasBroughtIntoAMessageForgesNoLine() throws IOException {
    class Parsing extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        throw new IOException("no number: " + rfile.readline(UTF_8));
      }
    }

    List<String> report =
        reportOfARequest(Parsing::new, client -> client.send("\u001b[2J\r" + RULE + "\u202e\n"));
    assertEquals(
        "java.io.IOException: no number: \\x1b[2J\\r" + RULE + "\\u202e\\n", report.get(2));
    assertEquals(2, report.stream().filter(RULE::equals).count());
  }

  @Test
  void timeoutsOfClientsDoNotFloodTheReports() throws IOException {
    class Waiting extends StreamRequestHandler {
      @Override
      public Duration timeout() {
        return Duration.ofNanos(1);
      }

      @Override
      public void handle() throws IOException {
        rfile.readline();
      }
    }

    int clients = 200;
    String text;
    try (var err = new StandardError();
        var server = new TCPServer(RunningServer.anyPort(), Waiting::new)) {
      long begin = System.nanoTime();
      for (int i = 0; i < clients; i++) {
        TcpClient client = TcpClient.to(server);
        server.handleRequest();
        client.close();
      }
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) + 1;
      text = err.text();
      long reports = text.lines().filter(line -> line.startsWith(HEADLINE)).count();
      assertTrue(
          reports >= 1 && reports <= Math.min(5 * (seconds + 1), clients), reports + " reports");
    }
  }

  private static void awaitReset(StreamSocket request) {
    Eventually.holds(
        "the connection is reset",
        () -> {
          try {
            request.getpeername();
            return false;
          } catch (IOException e) {
            return true;
          }
        });
  }

  private static List<String> reportOfARequest(HandlerFactory<StreamSocket> handler, Leave leave)
      throws IOException {
    try (var err = new StandardError();
        var log = new LogCapture();
        var server = new TCPServer(RunningServer.anyPort(), handler);
        var client = TcpClient.to(server)) {
      Thread handling = Background.start("handles", server::handleRequest);
      leave.with(client);
      Eventually.ends(handling);
      assertEquals(List.of(), log.at(Level.WARN));
      assertEquals(List.of(), log.at(Level.DEBUG, "hung up"));
      return err.text().lines().toList();
    }
  }

  private interface Leave {
    void with(TcpClient client) throws IOException;
  }

  private static void hangUpOf(TCPServer server, Leave leave) throws IOException {
    try (var err = new StandardError();
        var log = new LogCapture();
        server) {
      try (var client = TcpClient.to(server)) {
        Thread handling = Background.start("handles", server::handleRequest);
        leave.with(client);
        Eventually.ends(handling);
        String port = String.valueOf(client.address().getPort());
        assertEquals(1, log.at(Level.DEBUG, port).size(), () -> log.events().toString());
      }
      assertEquals("", err.text());
      assertEquals(List.of(), log.at(Level.WARN));
      assertEquals(List.of(), log.at(Level.ERROR));
    }
  }

  @Test
  void connectionThatWasResetBeforeItWasTakenIsHandledAsAHangUp() throws IOException {
    class Reading extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        rfile.readline();
      }
    }

    try (var err = new StandardError();
        var log = new LogCapture();
        var server = new TCPServer(RunningServer.anyPort(), Reading::new)) {
      TcpClient.to(server).reset();
      server.handleRequest();
      assertEquals("", err.text());
      assertEquals(List.of(), log.at(Level.WARN));
      assertEquals(List.of(), log.at(Level.ERROR));
    }
  }
}
