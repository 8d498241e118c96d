package socketserver.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.SocketConstants;
import socketserver.SocketReader;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;

/**
 * Bytes that arrive before TLS starts: those of the handshake belong to it wherever they were seen
 * or read ahead, and those of anybody who got between must not pass for what came through TLS (<a
 * href="https://nvd.nist.gov/vuln/detail/CVE-2011-0411">CVE-2011-0411</a> was such a server).
 */
@Timeout(60)
class PlainBeforeTlsTest {
  private static final long SECONDS = 30;
  private static final int HANDSHAKE = 0x16;

  // One port for both

  /** Looks at the first byte, and leaves it where it is. */
  private static void sniffOnTheSocket(StreamRequestHandler handler) throws IOException {
    byte[] first = handler.request.recv(1, SocketConstants.MSG_PEEK);
    if (first.length > 0 && first[0] == HANDSHAKE) {
      handler.request.startTls(Contexts.SERVER);
    }
  }

  /** Looks at the first byte in the reader, which reads ahead. */
  private static void sniffInTheReader(StreamRequestHandler handler) throws IOException {
    byte[] first = handler.rfile.peek(1);
    if (first.length > 0 && first[0] == HANDSHAKE) {
      handler.request.startTls(Contexts.SERVER);
    }
    RunningServer.echoLines(handler);
  }

  private static void servesBoth(RunningServer server) throws IOException {
    for (int i = 0; i < 3; i++) {
      try (SSLSocket client = Peers.tls(server.address(), Contexts.CLIENT)) {
        assertEquals("hidden", Peers.exchange(client, "hidden"));
      }
      try (Socket client = Peers.plain(server.address())) {
        assertEquals("open", Peers.exchange(client, "open"));
      }
    }
  }

  @Test
  void aServerThatPeeksOnTheSocketServesBothOnOnePort() throws Exception {
    try (RunningServer server =
        RunningServer.threading(PlainBeforeTlsTest::sniffOnTheSocket, RunningServer::echoLines)) {
      servesBoth(server);
    }
  }

  @Test
  void aServerThatPeeksInTheReaderServesBothOnOnePort() throws Exception {
    try (RunningServer server = RunningServer.plain(PlainBeforeTlsTest::sniffInTheReader)) {
      servesBoth(server);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5, 100, 10_000})
  void aHandshakeThatWasSeenInPartGoesOn(int seen) throws Exception {
    try (RunningServer server =
            RunningServer.threading(
                handler -> {
                  handler.request.recv(seen, SocketConstants.MSG_PEEK);
                  handler.request.startTls(Contexts.SERVER);
                },
                RunningServer::echoLines);
        EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT)) {
      client.socket.setTcpNoDelay(true);
      byte[] hello = client.hello();
      for (int i = 0; i < 10; i++) {
        client.socket.getOutputStream().write(hello, i, 1);
      }
      client.socket.getOutputStream().write(hello, 10, hello.length - 10);
      client.handshake().write("line\n");
      assertEquals("line\n", client.readLine());
    }
  }

  // STARTTLS

  private static void startTlsOnRequest(StreamRequestHandler handler) throws IOException {
    assertEquals("STARTTLS\n", handler.rfile.readline(StandardCharsets.UTF_8));
    handler.wfile.write("go ahead\n");
    handler.request.startTls(Contexts.SERVER);
    RunningServer.echoLines(handler);
  }

  @Test
  void aHandshakeThatWasReadAheadIsTheHandshakes() throws Exception {
    try (RunningServer server = RunningServer.plain(PlainBeforeTlsTest::startTlsOnRequest);
        EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT)) {
      // a client in a hurry does not wait for the answer
      ByteArrayOutputStream both = new ByteArrayOutputStream();
      both.writeBytes("STARTTLS\n".getBytes(StandardCharsets.UTF_8));
      both.writeBytes(client.hello());
      client.socket.getOutputStream().write(both.toByteArray());
      assertEquals("go ahead\n", client.readPlainLine());
      client.handshake().write("hidden\n");
      assertEquals("hidden\n", client.readLine());
    }
  }

  /** Runs a server on which somebody sends a command in the clear between STARTTLS and TLS. */
  private static void injected(String first, String second) throws Exception {
    BlockingQueue<Object> heard = new ArrayBlockingQueue<>(10);
    try (Reports reports = new Reports()) {
      try (RunningServer server =
              RunningServer.plain(
                  handler -> {
                    try {
                      heard.add(handler.rfile.readline(StandardCharsets.UTF_8));
                      handler.wfile.write("go ahead\n");
                      handler.request.startTls(Contexts.SERVER);
                      heard.add(handler.rfile.readline(StandardCharsets.UTF_8));
                    } catch (IOException e) {
                      heard.add(e);
                      heard.add(leftOver(handler.rfile));
                      throw e;
                    }
                  });
          EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT)) {
        client.sendPlain(first);
        assertEquals("go ahead\n", client.readPlainLine());
        client.sendPlain(second);
        client.socket.getOutputStream().write(client.hello());
        assertEquals("STARTTLS\n", heard.poll(SECONDS, TimeUnit.SECONDS));
        assertInstanceOf(SSLException.class, heard.poll(SECONDS, TimeUnit.SECONDS));
        assertEquals("nothing", heard.poll(SECONDS, TimeUnit.SECONDS));
      }
      assertEquals(1, reports.lines().size(), reports.lines().toString());
    }
  }

  /** What can be read after the failure, which must not be the command either. */
  private static String leftOver(SocketReader reader) {
    try {
      byte[] left = reader.read1(100);
      return left.length == 0 ? "nothing" : new String(left, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "nothing";
    }
  }

  @Test
  void aCommandInjectedWithTheRequestIsNotTakenForOneThatCameThroughTls() throws Exception {
    injected("STARTTLS\nDELETE everything\n", "");
  }

  @Test
  void aCommandInjectedAfterTheRequestIsNotTakenForOneThatCameThroughTls() throws Exception {
    injected("STARTTLS\n", "DELETE everything\n");
  }

  @Test
  void aCommandInjectedBehindTheHandshakeIsNotTakenForOneThatCameThroughTls() throws Exception {
    BlockingQueue<Object> heard = new ArrayBlockingQueue<>(10);
    try (RunningServer server =
            RunningServer.plain(
                handler -> {
                  heard.add(handler.rfile.readline(StandardCharsets.UTF_8));
                  try {
                    handler.request.startTls(Contexts.SERVER);
                    heard.add(handler.rfile.readline(StandardCharsets.UTF_8));
                  } catch (SSLException e) {
                    heard.add(e);
                  }
                });
        EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT)) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes("STARTTLS\n".getBytes(StandardCharsets.UTF_8));
      all.writeBytes(client.hello());
      all.writeBytes("DELETE everything\n".getBytes(StandardCharsets.UTF_8));
      client.socket.getOutputStream().write(all.toByteArray());
      assertEquals("STARTTLS\n", heard.poll(SECONDS, TimeUnit.SECONDS));
      assertInstanceOf(SSLException.class, heard.poll(SECONDS, TimeUnit.SECONDS));
    }
  }

  @Test
  void anAnswerInjectedToAClientIsNotTakenForOneThatCameThroughTls() throws Exception {
    BlockingQueue<Object> heard = new ArrayBlockingQueue<>(10);
    try (RunningServer server =
            RunningServer.plain(
                handler -> {
                  handler.rfile.readline();
                  handler.wfile.write("go ahead\nwelcome, your balance is 0\n");
                  try {
                    handler.request.startTls(Contexts.SERVER);
                  } catch (IOException e) {
                    heard.add(e);
                  }
                });
        StreamSocket client = StreamSocket.connect(server.address(), Duration.ofSeconds(SECONDS));
        SocketReader reader = client.makefileReader(-1)) {
      client.sendall("STARTTLS\n");
      assertEquals("go ahead\n", reader.readline(StandardCharsets.UTF_8));
      assertThrows(SSLException.class, () -> client.startTls(Contexts.CLIENT));
      String left = leftOver(reader);
      assertFalse(left.contains("balance"), left);
    }
  }

  @Test
  void aLongLineReadAheadInPartLeavesNothingBehind() throws Exception {
    // the reader has grown for a line, and the handshake's first bytes are at its end
    String line = "x".repeat(100_000) + "\n";
    try (RunningServer server =
            RunningServer.plain(
                handler -> {
                  handler.wfile.write(handler.rfile.readline().length + "\n");
                  handler.request.startTls(Contexts.SERVER);
                  RunningServer.echoLines(handler);
                });
        EnginePeer client = EnginePeer.client(server.address(), Contexts.CLIENT)) {
      ByteArrayOutputStream both = new ByteArrayOutputStream();
      both.writeBytes(line.getBytes(StandardCharsets.UTF_8));
      both.writeBytes(client.hello());
      client.socket.getOutputStream().write(both.toByteArray());
      assertEquals(line.length() + "\n", client.readPlainLine());
      client.handshake().write("hidden\n");
      assertEquals("hidden\n", client.readLine());
    }
  }
}
