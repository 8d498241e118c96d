package socketserver.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.Accepted;
import socketserver.ConnectionException;
import socketserver.SocketConstants;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.ThreadingTCPServer;
import socketserver.fixture.LogCapture;
import socketserver.fixture.StandardError;
import socketserver.netty.Pipelines;

/** Handshakes that fail or never end: one line in the log, a closed connection, and no more. */
@Timeout(60)
class HandshakeFailureTest {
  private static final long SECONDS = 30;
  private static final Duration SOON = Duration.ofMillis(200);
  private static final int LONGEST_LINE = 500;

  /** Counts the requests that it has let go of, after whatever was to be reported. */
  private static class CountingServer extends ThreadingTCPServer {
    final Semaphore closed = new Semaphore(0);
    final BlockingQueue<Throwable> errors = new ArrayBlockingQueue<>(10);

    /** Gives the time-out to the first client alone. */
    CountingServer(AtomicReference<Duration> timeout) throws IOException {
      super(RunningServer.anyPort(), () -> new EchoHandler(timeout.getAndSet(null)));
    }

    @Override
    public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
      super.handleError(request, client, error);
      errors.offer(error);
    }

    @Override
    public void closeRequest(StreamSocket request) {
      super.closeRequest(request);
      closed.release();
    }
  }

  private static class EchoHandler extends StreamRequestHandler {
    private final Duration timeout;

    EchoHandler(Duration timeout) {
      this.timeout = timeout;
    }

    @Override
    public void setup() throws Exception {
      request.settimeout(timeout);
      request.startTls(Contexts.SERVER);
      super.setup();
    }

    @Override
    public void handle() throws IOException {
      RunningServer.echoLines(this);
    }
  }

  /** What the test client does instead of a handshake. */
  private interface Misdeed {
    void commit(Socket client) throws Exception;
  }

  private static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads what the server still says; a reset ends the connection too. */
  private static byte[] readToItsEnd(Socket client) throws IOException {
    try {
      return client.getInputStream().readAllBytes();
    } catch (SocketException e) {
      return new byte[0];
    }
  }

  private static void leave(Socket client, String how) throws IOException {
    if (how.equals("half-close")) {
      client.shutdownOutput();
      return;
    }
    if (how.equals("reset")) {
      client.setSoLinger(true, 0);
    }
    client.close();
  }

  private static String reportOf(Duration timeout, Misdeed misdeed) throws Exception {
    CountingServer server = new CountingServer(new AtomicReference<>(timeout));
    try (Reports reports = new Reports();
        RunningServer running = new RunningServer(server)) {
      try (Socket client = Peers.plain(running.address())) {
        misdeed.commit(client);
        assertTrue(server.closed.tryAcquire(SECONDS, TimeUnit.SECONDS), "it is not closed");
      }
      try (SSLSocket client = Peers.tls(running.address(), Contexts.CLIENT)) {
        assertEquals("still there", Peers.exchange(client, "still there"));
      }
      assertTrue(server.closed.tryAcquire(SECONDS, TimeUnit.SECONDS), "the second is not closed");
      assertEquals("", reports.printed());
      assertEquals(1, reports.lines().size(), reports.lines().toString());
      assertEquals(1, server.errors.size(), server.errors.toString());
      String line = reports.lines().get(0);
      assertEquals(1, line.lines().count(), line);
      assertTrue(line.contains("127.0.0.1"), () -> "the client is not named: " + line);
      assertTrue(line.length() < LONGEST_LINE, () -> "too long: " + line);
      return line;
    }
  }

  @Test
  void plainTextIsOneLineInTheLog() throws Exception {
    String line =
        reportOf(
            null,
            client -> {
              send(client, "GET / HTTP/1.1\r\nAuthorization: Basic c2VjcmV0\r\n\r\n");
              readToItsEnd(client);
            });
    assertTrue(line.contains("tls"), line);
  }

  @Test
  void whatAClientSentInTheClearIsNotLogged() throws Exception {
    String line =
        reportOf(
            null,
            client -> {
              send(client, "PASS secret\r\n");
              readToItsEnd(client);
            });
    assertFalse(line.contains("secret"), line);
    // "secret" in hexadecimal
    assertFalse(line.contains("736563726574"), line);
  }

  @Test
  void muchPlainTextMakesNoLongLine() throws Exception {
    reportOf(
        null,
        client -> {
          try {
            send(client, "x".repeat(1 << 20));
          } catch (SocketException e) {
            // closed before it had read all of it
          }
          readToItsEnd(client);
        });
  }

  @Test
  void aClientThatIsSilentIsClosedWhenItsTimeIsOver() throws Exception {
    String line = reportOf(SOON, HandshakeFailureTest::readToItsEnd);
    assertTrue(line.contains("timed out"), line);
  }

  @Test
  void aClientThatStopsInTheMiddleIsClosedWhenItsTimeIsOver() throws Exception {
    String line =
        reportOf(
            SOON,
            client -> {
              // the first half of a record
              client.getOutputStream().write(new byte[] {0x16, 3, 1, 1, 0, 1});
              readToItsEnd(client);
            });
    assertTrue(line.contains("timed out"), line);
  }

  @Test
  void aTimeOfLessThanAMillisecondIsStillATime() throws Exception {
    String line = reportOf(Duration.ofNanos(1000), HandshakeFailureTest::readToItsEnd);
    assertTrue(line.contains("timed out"), line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "half-close", "reset"})
  void aClientThatLeavesBeforeItsHelloHasHungUp(String how) throws Exception {
    hangUpOf(client -> leave(client, how));
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "half-close", "reset"})
  void aClientThatLeavesWithinItsHelloHasHungUp(String how) throws Exception {
    hangUpOf(
        client -> {
          client.getOutputStream().write(new byte[] {0x16, 3, 1, 1, 0, 1});
          leave(client, how);
        });
  }

  /** Runs a server on which somebody leaves, which is a line for those who ask for every detail. */
  private static void hangUpOf(Misdeed misdeed) throws Exception {
    CountingServer server = new CountingServer(new AtomicReference<>());
    try (LogCapture log = new LogCapture();
        StandardError printed = new StandardError();
        RunningServer running = new RunningServer(server);
        Socket client = Peers.plain(running.address())) {
      misdeed.commit(client);
      assertTrue(server.closed.tryAcquire(SECONDS, TimeUnit.SECONDS), "it is not closed");
      assertInstanceOf(ConnectionException.class, server.errors.poll());
      assertEquals(1, log.at(Level.DEBUG, "hung up").size(), () -> log.events().toString());
      assertEquals(List.of(), log.at(Level.WARN));
      assertEquals("", printed.text());
    }
  }

  @Test
  void aProbeOfAServerThatDoesTheHandshakeInGetRequestHasHungUp() throws Exception {
    TlsInGetRequest server = new TlsInGetRequest();
    server.timeout.set(null);
    try (LogCapture log = new LogCapture();
        RunningServer running = new RunningServer(server)) {
      Peers.plain(running.address()).close();
      assertNotNull(server.failures.poll(SECONDS, TimeUnit.SECONDS));
      log.await(Level.DEBUG, "hung up");
      assertEquals(List.of(), log.at(Level.WARN));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n\u001b[31mxxx", "a\r\nbc\u202ec"})
  void aHostNameThatAClientAsksForForgesNoLine(String name) throws Exception {
    String line =
        reportOf(
            null,
            client -> {
              String host = "mail.test";
              try (EnginePeer peer = EnginePeer.client(client, Contexts.CLIENT, host)) {
                byte[] hello = peer.hello();
                byte[] forged = name.getBytes(StandardCharsets.UTF_8);
                assertEquals(host.length(), forged.length);
                System.arraycopy(forged, 0, hello, indexOf(hello, host), forged.length);
                client.getOutputStream().write(hello);
                readToItsEnd(client);
              }
            });
    assertTrue(line.chars().noneMatch(Character::isISOControl), line);
    assertFalse(line.contains("\u202e"), line);
    assertTrue(line.contains("\\n"), line);
  }

  private static int indexOf(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
  }

  @Test
  void handshakesThatFailDoNotFloodTheLog() throws Exception {
    int clients = 100;
    CountingServer server = new CountingServer(new AtomicReference<>());
    try (LogCapture log = new LogCapture();
        RunningServer running = new RunningServer(server)) {
      long begin = System.nanoTime();
      for (int i = 0; i < clients; i++) {
        try (Socket client = Peers.plain(running.address())) {
          send(client, "GET / HTTP/1.1\r\n\r\n");
          readToItsEnd(client);
        }
      }
      assertTrue(server.closed.tryAcquire(clients, SECONDS, TimeUnit.SECONDS));
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) + 1;
      int lines = log.at(Level.WARN, "tls with client").size();
      assertTrue(lines >= 1 && lines <= Math.min(5 * (seconds + 1), clients), lines + " lines");
    }
  }

  @Test
  void aClientThatHasEndedBeforeTlsStartsIsNotWaitedFor() throws Exception {
    BlockingQueue<Object> outcome = new ArrayBlockingQueue<>(2);
    try (RunningServer running =
            RunningServer.threading(
                handler -> {
                  outcome.add(handler.request.recv(1, SocketConstants.MSG_PEEK).length);
                  try {
                    handler.request.startTls(Contexts.SERVER);
                  } catch (IOException e) {
                    outcome.add(e);
                    throw e;
                  }
                },
                handler -> {});
        Socket client = Peers.plain(running.address())) {
      client.shutdownOutput();
      assertEquals(0, outcome.poll(SECONDS, TimeUnit.SECONDS));
      var error = assertInstanceOf(IOException.class, outcome.poll(SECONDS, TimeUnit.SECONDS));
      assertFalse(error.getMessage().contains("timed out"), error.toString());
      assertEquals(0, readToItsEnd(client).length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "half-close", "reset"})
  void aClientThatLeavesInTheMiddleIsNotWaitedFor(String how) throws Exception {
    BlockingQueue<Throwable> outcome = new ArrayBlockingQueue<>(1);
    try (RunningServer running =
            RunningServer.threading(
                handler -> {
                  try {
                    handler.request.startTls(Contexts.SERVER);
                  } catch (IOException e) {
                    outcome.add(e);
                    throw e;
                  }
                },
                handler -> {});
        EnginePeer client = EnginePeer.client(running.address(), Contexts.CLIENT)) {
      client.socket.getOutputStream().write(client.hello());
      // once there is an answer the server is in the middle of it
      assertTrue(client.socket.getInputStream().read() >= 0, "no answer");
      leave(client.socket, how);
      Throwable error = outcome.poll(SECONDS, TimeUnit.SECONDS);
      assertNotNull(error);
      assertFalse(error.getMessage().contains("timed out"), error.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "half-close", "reset"})
  void aSilentClientThatLeavesIsNotWaitedFor(String how) throws Exception {
    BlockingQueue<StreamSocket> starting = new ArrayBlockingQueue<>(1);
    BlockingQueue<Throwable> outcome = new ArrayBlockingQueue<>(1);
    try (RunningServer running =
            RunningServer.threading(
                handler -> {
                  starting.add(handler.request);
                  try {
                    handler.request.startTls(Contexts.SERVER);
                  } catch (IOException e) {
                    outcome.add(e);
                    throw e;
                  }
                },
                handler -> {});
        Socket client = Peers.plain(running.address())) {
      StreamSocket request = starting.poll(SECONDS, TimeUnit.SECONDS);
      assertNotNull(request);
      Await.until("tls starts", () -> Pipelines.of(request).get(SslHandler.class) != null);
      leave(client, how);
      Throwable error = outcome.poll(SECONDS, TimeUnit.SECONDS);
      assertNotNull(error);
      assertFalse(error.getMessage().contains("timed out"), error.toString());
    }
  }

  @Test
  void aClientThatTrustsAnotherAuthorityIsOneLineInTheLog() throws Exception {
    String line =
        reportOf(
            null,
            client -> {
              var trusting = javax.net.ssl.SSLContext.getDefault().getSocketFactory();
              try (Socket tls = trusting.createSocket(client, "localhost", 443, false)) {
                assertThrows(SSLException.class, () -> Peers.exchange(tls, "hello"));
              }
            });
    assertTrue(line.contains("tls"), line);
  }

  @Test
  void aVersionThatTheServerDoesNotSpeakIsRefused() throws Exception {
    reportOf(
        null,
        client -> {
          // a ClientHello of TLS 1.0 without extensions
          byte[] hello = new byte[5 + 4 + 41];
          byte[] head = {0x16, 3, 1, 0, 45, 1, 0, 0, 41, 3, 1};
          System.arraycopy(head, 0, hello, 0, head.length);
          hello[45] = 2;
          hello[47] = 0x2f;
          hello[48] = 1;
          client.getOutputStream().write(hello);
          byte[] answer = readToItsEnd(client);
          assertTrue(answer.length >= 7, "no alert");
          assertEquals(0x15, answer[0], "no alert");
        });
  }

  @Test
  void clientsThatAreSilentDoNotHoldUpTheOthers() throws Exception {
    Semaphore begun = new Semaphore(0);
    List<Socket> silent = new ArrayList<>();
    try (Reports reports = new Reports();
        RunningServer running =
            RunningServer.threading(
                handler -> {
                  begun.release();
                  handler.request.startTls(Contexts.SERVER);
                },
                RunningServer::echoLines)) {
      try {
        for (int i = 0; i < 20; i++) {
          silent.add(Peers.plain(running.address()));
        }
        assertTrue(begun.tryAcquire(silent.size(), SECONDS, TimeUnit.SECONDS));
        try (SSLSocket client = Peers.tls(running.address(), Contexts.CLIENT)) {
          assertEquals("hello", Peers.exchange(client, "hello"));
        }
        assertEquals(List.of(), reports.lines(), "a handshake has ended that should not have");
      } finally {
        for (Socket socket : silent) {
          socket.close();
        }
      }
    }
  }

  /** Does the handshake on the thread that serves, as many programs in Python do. */
  private static class TlsInGetRequest extends ThreadingTCPServer {
    final BlockingQueue<IOException> failures = new ArrayBlockingQueue<>(10);
    private final AtomicReference<Duration> timeout = new AtomicReference<>(SOON);

    TlsInGetRequest() throws IOException {
      super(
          RunningServer.anyPort(),
          () ->
              new StreamRequestHandler() {
                @Override
                public void handle() throws IOException {
                  RunningServer.echoLines(this);
                }
              });
    }

    @Override
    public Accepted<StreamSocket> getRequest() throws IOException {
      Accepted<StreamSocket> accepted = super.getRequest();
      try {
        accepted.request().settimeout(timeout.getAndSet(null));
        accepted.request().startTls(Contexts.SERVER);
      } catch (IOException e) {
        failures.add(e);
        throw e;
      }
      return accepted;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET / HTTP/1.0\r\n\r\n"})
  void aHandshakeThatFailsInGetRequestIsOneLineAndTheServerGoesOn(String text) throws Exception {
    TlsInGetRequest server = new TlsInGetRequest();
    try (Reports reports = new Reports();
        RunningServer running = new RunningServer(server)) {
      try (Socket client = Peers.plain(running.address())) {
        send(client, text);
        readToItsEnd(client);
        assertNotNull(server.failures.poll(SECONDS, TimeUnit.SECONDS));
      }
      try (SSLSocket client = Peers.tls(running.address(), Contexts.CLIENT)) {
        assertEquals("still there", Peers.exchange(client, "still there"));
      }
      assertEquals("", reports.printed());
      assertEquals(1, reports.lines().size(), reports.lines().toString());
      assertEquals(1, reports.lines().get(0).lines().count(), reports.lines().toString());
    }
  }

  @Test
  void aHandshakeThatIsInterruptedEnds() throws Exception {
    BlockingQueue<Thread> handling = new ArrayBlockingQueue<>(1);
    BlockingQueue<Object> outcome = new ArrayBlockingQueue<>(2);
    try (RunningServer running =
            RunningServer.threading(
                handler -> {
                  handling.add(Thread.currentThread());
                  try {
                    handler.request.startTls(Contexts.SERVER);
                    outcome.add("no exception");
                  } catch (IOException e) {
                    outcome.add(e);
                    outcome.add(Thread.interrupted());
                  }
                  throw new SSLException("already seen");
                },
                handler -> {});
        Socket client = Peers.plain(running.address())) {
      Thread thread = handling.poll(SECONDS, TimeUnit.SECONDS);
      assertNotNull(thread);
      thread.interrupt();
      assertInstanceOf(
          java.io.InterruptedIOException.class, outcome.poll(SECONDS, TimeUnit.SECONDS));
      assertEquals(true, outcome.poll(SECONDS, TimeUnit.SECONDS), "the flag is lost");
      assertEquals(0, readToItsEnd(client).length);
    }
  }

  @Test
  void theSocketIsClosedAfterAHandshakeThatFailed() throws Exception {
    BlockingQueue<Throwable> errors = new ArrayBlockingQueue<>(2);
    try (RunningServer running =
            RunningServer.threading(
                handler -> {
                  try {
                    handler.request.startTls(Contexts.SERVER);
                  } catch (IOException e) {
                    errors.add(e);
                  }
                  try {
                    handler.request.recv(1);
                  } catch (IOException e) {
                    errors.add(e);
                  }
                  throw new SSLException("already seen");
                },
                handler -> {});
        Socket client = Peers.plain(running.address())) {
      send(client, "no handshake\n");
      readToItsEnd(client);
      assertInstanceOf(SSLException.class, errors.poll(SECONDS, TimeUnit.SECONDS));
      Throwable second = errors.poll(SECONDS, TimeUnit.SECONDS);
      assertNotNull(second);
      assertTrue(second.getMessage().contains("closed"), second.toString());
    }
  }

  @Test
  void aClientWhoseServerSpeaksNoTlsFails() throws Exception {
    try (RunningServer running =
            RunningServer.plain(handler -> handler.wfile.write("220 no tls here\n"));
        StreamSocket client = StreamSocket.connect(running.address())) {
      assertThrows(SSLException.class, () -> client.startTls(Contexts.CLIENT));
      assertThrows(IOException.class, () -> client.sendall("hello"));
    }
  }

  @Test
  void aClientWhoseServerIsSilentGivesUpWhenItsTimeIsOver() throws Exception {
    Semaphore over = new Semaphore(0);
    try (RunningServer running =
            RunningServer.plain(handler -> over.tryAcquire(SECONDS, TimeUnit.SECONDS));
        StreamSocket client = StreamSocket.connect(running.address())) {
      client.settimeout(SOON);
      IOException e = assertThrows(IOException.class, () -> client.startTls(Contexts.CLIENT));
      assertTrue(e.getMessage().contains("timed out"), e.toString());
      over.release();
    }
  }

  @Test
  void nullIsRefusedBeforeAnythingIsSent() throws Exception {
    try (RunningServer running = RunningServer.plain(RunningServer::echoLines);
        StreamSocket client = StreamSocket.connect(running.address())) {
      assertThrows(NullPointerException.class, () -> client.startTls(null));
      client.sendall("still plain\n");
      assertEquals("still plain\n", new String(client.recv(100), StandardCharsets.UTF_8));
    }
  }
}
