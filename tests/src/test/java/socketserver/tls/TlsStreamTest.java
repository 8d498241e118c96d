package socketserver.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.ConnectionException;
import socketserver.SocketConstants;
import socketserver.SocketReader;
import socketserver.StreamSocket;

/**
 * The stream that TLS carries: what is in it, how it ends, and what else a socket can do with it.
 */
@Timeout(120)
class TlsStreamTest {
  private static final long SECONDS = 60;
  private static final String V12 = "TLSv1.2";
  private static final String V13 = "TLSv1.3";

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(length).nextBytes(noise);
    return noise;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  // The end of the stream

  @ParameterizedTest
  @ValueSource(strings = {V12, V13})
  void theEndOfAHandlerSendsCloseNotify(String protocol) throws Exception {
    byte[] noise = noise(1_000_000);
    try (RunningServer server = RunningServer.tls(handler -> handler.wfile.write(noise));
        EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT, protocol)) {
      assertArrayEquals(noise, client.handshake().readAll());
      assertEquals(-1, client.socket.getInputStream().read(), "the connection is still open");
    }
  }

  @Test
  void sendTakesAllItsBytes() throws Exception {
    BlockingQueue<Object> sent = new ArrayBlockingQueue<>(1);
    byte[] noise = noise(4 << 20);
    try (RunningServer server =
            RunningServer.tls(handler -> sent.add(handler.request.send(noise)));
        EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT, V13)) {
      assertArrayEquals(noise, client.handshake().readAll());
      assertEquals(noise.length, sent.poll(SECONDS, TimeUnit.SECONDS));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {V12, V13})
  void closeSendsCloseNotify(String protocol) throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  handler.wfile.write("bye\n");
                  handler.wfile.close();
                  handler.rfile.close();
                  handler.request.close();
                  // the client sees it while the handler is still at work
                  assertTrue(seen.await(SECONDS, TimeUnit.SECONDS));
                });
        EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT, protocol)) {
      assertEquals("bye\n", text(client.handshake().readAll()));
      seen.countDown();
    }
  }

  @Test
  void aClientsCloseSendsCloseNotify() throws Exception {
    BlockingQueue<Object> end = new ArrayBlockingQueue<>(1);
    try (java.net.ServerSocket listener =
        new java.net.ServerSocket(0, 1, RunningServer.anyPort().getAddress())) {
      CompletableFuture<Void> server =
          CompletableFuture.runAsync(
              () -> {
                try (EnginePeer peer = EnginePeer.server(listener.accept(), Contexts.SERVER)) {
                  peer.handshake().write("welcome\n");
                  end.add(text(peer.readAll()));
                } catch (IOException e) {
                  end.add(e);
                }
              });
      var address = new java.net.InetSocketAddress("localhost", listener.getLocalPort());
      try (StreamSocket client = StreamSocket.connect(address)) {
        client.startTls(Contexts.CLIENT);
        // behind the server's session tickets: who closes before they come resets the connection
        assertEquals("welcome\n", text(client.recv(100)));
        client.sendall("bye\n");
      }
      assertEquals("bye\n", end.poll(SECONDS, TimeUnit.SECONDS));
      server.get(SECONDS, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {V12, V13})
  void aCloseNotifyIsTheEndOfTheStream(String protocol) throws Exception {
    BlockingQueue<Object> heard = new ArrayBlockingQueue<>(2);
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  heard.add(text(handler.rfile.readAllBytes()));
                  heard.add(handler.request.recv(1).length);
                });
        EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT, protocol)) {
      client.handshake().write("all there is");
      client.closeOutbound();
      assertEquals("all there is", heard.poll(SECONDS, TimeUnit.SECONDS));
      assertEquals(0, heard.poll(SECONDS, TimeUnit.SECONDS));
      assertEquals(0, client.readAll().length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {V12, V13})
  void anEndWithoutCloseNotifyIsTheEndOfTheStreamToo(String protocol) throws Exception {
    // as in Python, where suppress_ragged_eofs is true unless one says otherwise
    BlockingQueue<Object> heard = new ArrayBlockingQueue<>(1);
    try (Reports reports = new Reports()) {
      try (RunningServer server =
              RunningServer.tls(handler -> heard.add(text(handler.rfile.readAllBytes())));
          EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT, protocol)) {
        client.handshake().write("all there is");
        client.socket.shutdownOutput();
        assertEquals("all there is", heard.poll(SECONDS, TimeUnit.SECONDS));
      }
      assertEquals(List.of(), reports.lines());
      assertEquals("", reports.printed());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {V12, V13})
  void anEndWithoutCloseNotifyIsAnErrorForWhoWantsToKnow(String protocol) throws Exception {
    BlockingQueue<Object> heard = new ArrayBlockingQueue<>(3);
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  handler.request.suppressRaggedEofs(false);
                  heard.add(text(handler.rfile.readline()));
                  heard.add(failureOf(() -> handler.rfile.readAllBytes()));
                  heard.add(failureOf(() -> handler.request.recv(1)));
                });
        EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT, protocol)) {
      client.handshake().write("one\ntwo, but not all of");
      client.socket.shutdownOutput();
      assertEquals("one\n", heard.poll(SECONDS, TimeUnit.SECONDS));
      for (int i = 0; i < 2; i++) {
        var failure = assertInstanceOf(SSLException.class, heard.poll(SECONDS, TimeUnit.SECONDS));
        assertTrue(failure.getMessage().contains("without close_notify"), failure.getMessage());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {V12, V13})
  void aCloseNotifyIsTheEndForWhoWantsToKnowToo(String protocol) throws Exception {
    BlockingQueue<Object> heard = new ArrayBlockingQueue<>(2);
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  handler.request.suppressRaggedEofs(false);
                  heard.add(text(handler.rfile.readAllBytes()));
                  heard.add(handler.request.recv(1).length);
                });
        EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT, protocol)) {
      client.handshake().write("all there is");
      client.closeOutbound();
      assertEquals("all there is", heard.poll(SECONDS, TimeUnit.SECONDS));
      assertEquals(0, heard.poll(SECONDS, TimeUnit.SECONDS));
    }
  }

  private interface Call {
    Object make() throws IOException;
  }

  private static Object failureOf(Call call) {
    try {
      return call.make();
    } catch (IOException e) {
      return e;
    }
  }

  // A second handshake

  @Test
  void aClientThatAsksForAnotherHandshakeIsRefused() throws Exception {
    BlockingQueue<Object> heard = new ArrayBlockingQueue<>(2);
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  heard.add(text(handler.rfile.readline()));
                  heard.add(failureOf(() -> handler.rfile.readline()));
                });
        EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT, V12)) {
      client.handshake().write("one\n");
      assertEquals("one\n", heard.poll(SECONDS, TimeUnit.SECONDS));
      client.socket.getOutputStream().write(client.hello());
      var failure = assertInstanceOf(SSLException.class, heard.poll(SECONDS, TimeUnit.SECONDS));
      assertTrue(failure.getMessage().contains("renegotiation"), failure.getMessage());
      client.awaitClosed();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {V12, V13})
  void aResetIsAConnectionErrorAndNoLineInTheLog(String protocol) throws Exception {
    BlockingQueue<Object> heard = new ArrayBlockingQueue<>(2);
    try (Reports reports = new Reports()) {
      try (RunningServer server =
              RunningServer.tls(
                  handler -> {
                    handler.wfile.write(handler.rfile.readline());
                    try {
                      heard.add(text(handler.rfile.readline()));
                    } catch (IOException e) {
                      heard.add(e);
                      throw e;
                    }
                  });
          EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT, protocol)) {
        client.handshake().write("one\n");
        assertEquals("one\n", client.readLine());
        client.reset();
        assertInstanceOf(ConnectionException.class, heard.poll(SECONDS, TimeUnit.SECONDS));
      }
      assertEquals(List.of(), reports.lines());
      assertEquals("", reports.printed());
    }
  }

  @Test
  void aClientMayEndItsHalfAndStillBeAnswered() throws Exception {
    // TLS 1.2 has no half: its close_notify ends both
    byte[] noise = noise(300_000);
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  byte[] all = handler.rfile.readAllBytes();
                  handler.wfile.write(all);
                });
        EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT, V13)) {
      client.handshake().write(new String(noise, StandardCharsets.ISO_8859_1));
      client.closeOutbound();
      assertEquals(new String(noise, StandardCharsets.ISO_8859_1), text(client.readAll()));
    }
  }

  @Test
  void aServerMayEndItsHalfAndStillListen() throws Exception {
    BlockingQueue<Object> heard = new ArrayBlockingQueue<>(1);
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  handler.wfile.write("that is all\n");
                  handler.request.shutdown(SocketConstants.SHUT_WR);
                  heard.add(text(handler.rfile.readAllBytes()));
                });
        EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT, V13)) {
      assertEquals("that is all\n", text(client.handshake().readAll()));
      client.write("thank you");
      client.closeOutbound();
      assertEquals("thank you", heard.poll(SECONDS, TimeUnit.SECONDS));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {V12, V13})
  void shutdownSendsCloseNotifyAndThenTheEnd(String protocol) throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  handler.wfile.write("that is all\n");
                  handler.request.shutdown(SocketConstants.SHUT_WR);
                  assertTrue(seen.await(SECONDS, TimeUnit.SECONDS));
                });
        EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT, protocol)) {
      assertEquals("that is all\n", text(client.handshake().readAll()));
      assertEquals(-1, client.socket.getInputStream().read());
      seen.countDown();
    }
  }

  @Test
  void anotherThreadWakesAReaderByShutdown() throws Exception {
    BlockingQueue<StreamSocket> reading = new ArrayBlockingQueue<>(1);
    BlockingQueue<Object> heard = new ArrayBlockingQueue<>(1);
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  reading.add(handler.request);
                  heard.add(handler.request.recv(1).length);
                });
        SSLSocket client = Peers.tls(server.address(), Contexts.CLIENT)) {
      client.startHandshake();
      StreamSocket socket = reading.poll(SECONDS, TimeUnit.SECONDS);
      assertNotNull(socket);
      socket.shutdown(SocketConstants.SHUT_RDWR);
      assertEquals(0, heard.poll(SECONDS, TimeUnit.SECONDS));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {V12, V13})
  void aRecordThatIsBrokenIsOneLineInTheLog(String protocol) throws Exception {
    BlockingQueue<Object> heard = new ArrayBlockingQueue<>(1);
    try (Reports reports = new Reports()) {
      try (RunningServer server =
              RunningServer.tls(
                  handler -> {
                    try {
                      heard.add(text(handler.rfile.readAllBytes()));
                    } catch (IOException e) {
                      heard.add(e);
                      throw e;
                    }
                  });
          EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT, protocol)) {
        client.handshake().write("good\n");
        byte[] record = new byte[5 + 32];
        record[0] = 0x17;
        record[1] = 3;
        record[2] = 3;
        record[4] = 32;
        client.socket.getOutputStream().write(record);
        assertInstanceOf(SSLException.class, heard.poll(SECONDS, TimeUnit.SECONDS));
      }
      assertEquals(1, reports.lines().size(), reports.lines().toString());
      assertEquals("", reports.printed());
    }
  }

  // What is in it

  @ParameterizedTest
  @ValueSource(ints = {1, 16_383, 16_384, 16_385, 65_536, (16 << 20) + 1})
  void whateverIsSentComesBack(int length) throws Exception {
    byte[] noise = noise(length);
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  byte[] some = handler.rfile.read1(-1);
                  while (some.length > 0) {
                    handler.wfile.write(some);
                    some = handler.rfile.read1(-1);
                  }
                });
        SSLSocket client = Peers.tls(server.address(), Contexts.CLIENT)) {
      client.startHandshake();
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> {
                try {
                  client.getOutputStream().write(noise);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      assertArrayEquals(noise, client.getInputStream().readNBytes(length));
      writing.get(SECONDS, TimeUnit.SECONDS);
    }
  }

  @Test
  void aClientSocketSendsAndReceivesMuchToo() throws Exception {
    byte[] noise = noise((4 << 20) + 1);
    try (RunningServer server =
            RunningServer.tls(handler -> handler.wfile.write(handler.rfile.read(noise.length)));
        StreamSocket client = StreamSocket.connect(server.address());
        SocketReader reader = client.startTls(Contexts.CLIENT).makefileReader(-1)) {
      client.sendall(noise);
      assertArrayEquals(noise, reader.readAllBytes());
    }
  }

  @Test
  void manySmallWritesArriveInTheirOrder() throws Exception {
    int count = 20_000;
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  for (int i = 0; i < count; i++) {
                    handler.wfile.write(i & 0x7f);
                  }
                });
        SSLSocket client = Peers.tls(server.address(), Contexts.CLIENT)) {
      byte[] all = client.getInputStream().readAllBytes();
      assertEquals(count, all.length);
      for (int i = 0; i < count; i++) {
        assertEquals(i & 0x7f, all[i]);
      }
    }
  }

  @Test
  void aPromptIsSentBeforeTheAnswerIsRead() throws Exception {
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  handler.wfile.write("name? ");
                  handler.wfile.write("hello " + text(handler.rfile.readline()));
                });
        SSLSocket client = Peers.tls(server.address(), Contexts.CLIENT)) {
      assertEquals("name? ", text(client.getInputStream().readNBytes(6)));
      assertEquals("hello bob", Peers.exchange(client, "bob"));
    }
  }

  @Test
  void linesAreReadHoweverTheyWereCut() throws Exception {
    String lines = "one\r\ntwo\n\n" + "x".repeat(50_000) + "\nlast";
    BlockingQueue<Object> heard = new ArrayBlockingQueue<>(10);
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  for (byte[] line : handler.rfile) {
                    heard.add(text(line));
                  }
                });
        SSLSocket client = Peers.tls(server.address(), Contexts.CLIENT)) {
      client.setTcpNoDelay(true);
      OutputStream out = client.getOutputStream();
      byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < bytes.length; i += 1 + i / 7) {
        out.write(bytes, i, Math.min(1 + i / 7, bytes.length - i));
      }
      client.shutdownOutput();
      assertEquals("one\r\n", heard.poll(SECONDS, TimeUnit.SECONDS));
      assertEquals("two\n", heard.poll(SECONDS, TimeUnit.SECONDS));
      assertEquals("\n", heard.poll(SECONDS, TimeUnit.SECONDS));
      assertEquals("x".repeat(50_000) + "\n", heard.poll(SECONDS, TimeUnit.SECONDS));
      assertEquals("last", heard.poll(SECONDS, TimeUnit.SECONDS));
    }
  }

  @Test
  void threadsThatWriteAtOnceDoNotMixTheirWrites() throws Exception {
    int threads = 4;
    int each = 500;
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  CompletableFuture<?>[] writing = new CompletableFuture<?>[threads];
                  for (int t = 0; t < threads; t++) {
                    String line = ("" + t).repeat(100) + "\n";
                    writing[t] =
                        CompletableFuture.runAsync(
                            () -> {
                              try {
                                for (int i = 0; i < each; i++) {
                                  handler.request.sendall(line);
                                }
                              } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                              }
                            });
                  }
                  CompletableFuture.allOf(writing).get(SECONDS, TimeUnit.SECONDS);
                });
        SSLSocket client = Peers.tls(server.address(), Contexts.CLIENT)) {
      List<String> lines = text(client.getInputStream().readAllBytes()).lines().sorted().toList();
      assertEquals(threads * each, lines.size());
      for (int i = 0; i < lines.size(); i++) {
        assertEquals(("" + i / each).repeat(100), lines.get(i));
      }
    }
  }

  @Test
  void aClientMayHaveNewKeysInTheMiddle() throws Exception {
    // a KeyUpdate
    try (RunningServer server = RunningServer.tls(RunningServer::echoLines);
        SSLSocket client = Peers.tls(server.address(), Contexts.CLIENT, V13)) {
      for (int i = 0; i < 3; i++) {
        assertEquals("line " + i, Peers.exchange(client, "line " + i));
        client.startHandshake();
      }
      assertEquals("the last", Peers.exchange(client, "the last"));
    }
  }

  // What else a socket can do

  @Test
  void filesAreSentThroughTls(@TempDir Path folder) throws Exception {
    byte[] noise = noise(1_000_003);
    Path file = folder.resolve("file");
    Files.write(file, noise);
    BlockingQueue<Object> sent = new ArrayBlockingQueue<>(2);
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  handler.wfile.write("<");
                  try (FileChannel channel = FileChannel.open(file)) {
                    sent.add(handler.request.sendfile(channel));
                    sent.add(handler.request.sendfile(channel, 10, 20));
                    assertEquals(30, channel.position());
                  }
                  handler.wfile.write(">");
                });
        SSLSocket client = Peers.tls(server.address(), Contexts.CLIENT)) {
      byte[] all = client.getInputStream().readAllBytes();
      assertEquals((long) noise.length, sent.poll(SECONDS, TimeUnit.SECONDS));
      assertEquals(20L, sent.poll(SECONDS, TimeUnit.SECONDS));
      assertEquals(noise.length + 22, all.length);
      assertEquals('<', all[0]);
      assertArrayEquals(noise, java.util.Arrays.copyOfRange(all, 1, noise.length + 1));
      assertArrayEquals(
          java.util.Arrays.copyOfRange(noise, 10, 30),
          java.util.Arrays.copyOfRange(all, noise.length + 1, noise.length + 21));
      assertEquals('>', all[all.length - 1]);
    }
  }

  @Test
  void whatHasArrivedCanBePeekedAt() throws Exception {
    BlockingQueue<Object> heard = new ArrayBlockingQueue<>(2);
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  heard.add(text(handler.request.recv(3, SocketConstants.MSG_PEEK)));
                  heard.add(text(handler.request.recv(100)));
                });
        SSLSocket client = Peers.tls(server.address(), Contexts.CLIENT)) {
      client.getOutputStream().write("secret".getBytes(StandardCharsets.UTF_8));
      assertEquals("sec", heard.poll(SECONDS, TimeUnit.SECONDS));
      assertEquals("secret", heard.poll(SECONDS, TimeUnit.SECONDS));
    }
  }

  @Test
  void aReadThatTimesOutLosesNothing() throws Exception {
    CountDownLatch timedOut = new CountDownLatch(1);
    BlockingQueue<Object> heard = new ArrayBlockingQueue<>(1);
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  handler.request.settimeout(Duration.ofMillis(100));
                  while (heard.isEmpty()) {
                    try {
                      heard.add(text(handler.rfile.readline()));
                    } catch (SocketTimeoutException e) {
                      timedOut.countDown();
                    }
                  }
                });
        SSLSocket client = Peers.tls(server.address(), Contexts.CLIENT)) {
      client.getOutputStream().write("the first half".getBytes(StandardCharsets.UTF_8));
      assertTrue(timedOut.await(SECONDS, TimeUnit.SECONDS));
      client.getOutputStream().write(", the second\n".getBytes(StandardCharsets.UTF_8));
      assertEquals("the first half, the second\n", heard.poll(SECONDS, TimeUnit.SECONDS));
    }
  }

  @Test
  void aWriteToAClientThatDoesNotReadTimesOut() throws Exception {
    BlockingQueue<Object> outcome = new ArrayBlockingQueue<>(1);
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  handler.request.settimeout(Duration.ofMillis(200));
                  byte[] much = new byte[1 << 20];
                  try {
                    for (int i = 0; i < 64; i++) {
                      handler.wfile.write(much);
                    }
                    outcome.add("all was taken");
                  } catch (IOException e) {
                    outcome.add(e);
                  }
                });
        SSLSocket client = Peers.tls(server.address(), Contexts.CLIENT)) {
      client.startHandshake();
      assertInstanceOf(SocketTimeoutException.class, outcome.poll(SECONDS, TimeUnit.SECONDS));
    }
  }

  @Test
  void aDescriptorIsNotGivenAwayUnderTls() throws Exception {
    BlockingQueue<Object> outcome = new ArrayBlockingQueue<>(1);
    try (RunningServer server =
            RunningServer.tls(
                handler -> {
                  try {
                    outcome.add(handler.request.detach());
                  } catch (IOException | UnsupportedOperationException e) {
                    // a transport without descriptors has none to give anyhow
                    outcome.add(e.getMessage());
                  }
                  RunningServer.echoLines(handler);
                });
        SSLSocket client = Peers.tls(server.address(), Contexts.CLIENT)) {
      assertEquals("still there", Peers.exchange(client, "still there"));
      String refusal = outcome.poll(SECONDS, TimeUnit.SECONDS).toString();
      assertTrue(refusal.contains("tls") || refusal.contains("no descriptors"), refusal);
    }
  }

  @Test
  void theTestClientKnowsACutConnectionFromAnEnd() throws Exception {
    // or else the tests of close_notify above would show nothing
    try (RunningServer server =
            RunningServer.tls(
                handler ->
                    socketserver.netty.Pipelines.of(handler.request).firstContext().close());
        EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT)) {
      client.handshake();
      org.junit.jupiter.api.Assertions.assertThrows(EOFException.class, client::readAll);
    }
  }
}
