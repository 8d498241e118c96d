package socketserver.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.Accepted;
import socketserver.HandlerFactory;
import socketserver.SocketReader;
import socketserver.SocketWriter;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingTCPServer;

/** The places where a program starts TLS, on both sides. */
@Timeout(60)
class StartTlsTest {
  /** Echoes lines, and starts no TLS. */
  static class EchoHandler extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      RunningServer.echoLines(this);
    }
  }

  static class TlsInSetup extends EchoHandler {
    @Override
    public void setup() throws Exception {
      request.startTls(Contexts.SERVER);
      super.setup();
    }
  }

  static class TlsAfterSetup extends EchoHandler {
    @Override
    public void setup() throws Exception {
      super.setup();
      connection.startTls(Contexts.SERVER);
    }
  }

  static class TlsInFinishRequest extends ThreadingTCPServer {
    TlsInFinishRequest() throws IOException {
      super(RunningServer.anyPort(), EchoHandler::new);
    }

    @Override
    public void finishRequest(StreamSocket request, SocketAddress clientAddress) throws Exception {
      super.finishRequest(request.startTls(Contexts.SERVER), clientAddress);
    }
  }

  static class TlsInGetRequest extends ThreadingTCPServer {
    TlsInGetRequest() throws IOException {
      super(RunningServer.anyPort(), EchoHandler::new);
    }

    @Override
    public Accepted<StreamSocket> getRequest() throws IOException {
      Accepted<StreamSocket> accepted = super.getRequest();
      StreamSocket request = accepted.request().startTls(Contexts.SERVER);
      return new Accepted<>(request, accepted.clientAddress());
    }
  }

  private static void echoes(TCPServer server) throws Exception {
    try (RunningServer running = new RunningServer(server);
        SSLSocket client = Peers.tls(running.address(), Contexts.CLIENT)) {
      assertEquals("one", Peers.exchange(client, "one"));
      assertEquals("two", Peers.exchange(client, "two"));
    }
  }

  private static TCPServer server(HandlerFactory<StreamSocket> handler) throws IOException {
    return new TCPServer(RunningServer.anyPort(), handler);
  }

  @Test
  void aHandlerStartsItBeforeItsFilesAreMade() throws Exception {
    echoes(server(TlsInSetup::new));
    echoes(new ThreadingTCPServer(RunningServer.anyPort(), TlsInSetup::new));
  }

  @Test
  void aHandlerStartsItAfterItsFilesAreMade() throws Exception {
    echoes(server(TlsAfterSetup::new));
  }

  @Test
  void aServerStartsItInFinishRequest() throws Exception {
    echoes(new TlsInFinishRequest());
  }

  @Test
  void aServerStartsItInGetRequest() throws Exception {
    echoes(new TlsInGetRequest());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 5})
  void aHandlerStartsItAfterPlainText(int rbufsize) throws Exception {
    HandlerFactory<StreamSocket> handler =
        () ->
            new StreamRequestHandler() {
              @Override
              public int rbufsize() {
                return rbufsize;
              }

              @Override
              public void handle() throws IOException {
                wfile.write("220 ready\n");
                assertEquals("STARTTLS\n", rfile.readline(StandardCharsets.UTF_8));
                wfile.write("220 go ahead\n");
                SocketReader reader = rfile;
                SocketWriter writer = wfile;
                assertSame(request, request.startTls(Contexts.SERVER));
                assertSame(reader, rfile);
                assertSame(writer, wfile);
                RunningServer.echoLines(this);
              }
            };
    try (RunningServer running = new RunningServer(server(handler));
        Socket plain = Peers.plain(running.address())) {
      assertEquals("220 ready", Peers.readLine(plain));
      assertEquals("220 go ahead", Peers.exchange(plain, "STARTTLS"));
      try (Socket tls =
          Contexts.CLIENT
              .getSocketFactory()
              .createSocket(plain, "localhost", running.port(), true)) {
        assertEquals("hidden", Peers.exchange(tls, "hidden"));
      }
    }
  }

  @Test
  void whatIsWrittenBeforeIsSentInTheClearEvenIfItIsBuffered() throws Exception {
    HandlerFactory<StreamSocket> handler =
        () ->
            new EchoHandler() {
              @Override
              public int wbufsize() {
                return -1;
              }

              @Override
              public void handle() throws IOException {
                wfile.write("220 go ahead\n");
                request.startTls(Contexts.SERVER);
                wfile.write(rfile.readline());
              }
            };
    try (RunningServer running = new RunningServer(server(handler));
        Socket plain = Peers.plain(running.address())) {
      assertEquals("220 go ahead", Peers.readLine(plain));
      try (Socket tls =
          Contexts.CLIENT
              .getSocketFactory()
              .createSocket(plain, "localhost", running.port(), true)) {
        assertEquals("hidden", Peers.exchange(tls, "hidden"));
      }
    }
  }

  @Test
  void manyBytesWrittenJustBeforeAllComeBeforeTheHandshake() throws Exception {
    byte[] banner = new byte[1 << 20];
    try (RunningServer running =
            RunningServer.plain(
                handler -> {
                  handler.wfile.write(banner);
                  handler.wfile.write("\n");
                  handler.request.startTls(Contexts.SERVER);
                  RunningServer.echoLines(handler);
                });
        Socket plain = Peers.plain(running.address())) {
      assertEquals(banner.length, plain.getInputStream().readNBytes(banner.length).length);
      assertEquals("", Peers.readLine(plain));
      try (Socket tls =
          Contexts.CLIENT
              .getSocketFactory()
              .createSocket(plain, "localhost", running.port(), true)) {
        assertEquals("hidden", Peers.exchange(tls, "hidden"));
      }
    }
  }

  @Test
  void aClientStartsItOnItsSocket() throws Exception {
    try (RunningServer running = RunningServer.tls(RunningServer::echoLines);
        StreamSocket client = StreamSocket.connect(running.address())) {
      assertNull(client.tlsSession());
      assertSame(client, client.startTls(Contexts.CLIENT));
      assertNotNull(client.tlsSession());
      client.sendall("hello\n");
      assertEquals("hello\n", new String(client.recv(100), StandardCharsets.UTF_8));
    }
  }

  @Test
  void aClientStartsItAfterPlainTextAndItsFilesGoOn() throws Exception {
    try (RunningServer running =
            RunningServer.plain(
                handler -> {
                  handler.rfile.readline();
                  handler.wfile.write("220 go ahead\n");
                  handler.request.startTls(Contexts.SERVER);
                  RunningServer.echoLines(handler);
                });
        StreamSocket client = StreamSocket.connect(running.address(), Duration.ofSeconds(30));
        SocketReader reader = client.makefileReader(-1);
        SocketWriter writer = client.makefileWriter(-1)) {
      // not flushed: startTls does it
      writer.write("STARTTLS\n");
      writer.flush();
      assertEquals("220 go ahead\n", reader.readline(StandardCharsets.UTF_8));
      client.startTls(Contexts.CLIENT);
      writer.write("hidden\n");
      writer.flush();
      assertEquals("hidden\n", reader.readline(StandardCharsets.UTF_8));
    }
  }

  @Test
  void aClientSpeaksToAServerOfJavasOwn() throws Exception {
    try (SSLServerSocket listener =
        (SSLServerSocket)
            Contexts.SERVER
                .getServerSocketFactory()
                .createServerSocket(0, 1, RunningServer.anyPort().getAddress())) {
      BlockingQueue<String> heard = new ArrayBlockingQueue<>(1);
      Thread server =
          new Thread(
              () -> {
                try (Socket peer = listener.accept()) {
                  peer.setSoTimeout(30_000);
                  heard.add(Peers.readLine(peer));
                  peer.getOutputStream().write("welcome\n".getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                  heard.add(e.toString());
                }
              });
      server.start();
      var address = new java.net.InetSocketAddress("localhost", listener.getLocalPort());
      try (StreamSocket client = StreamSocket.connect(address, Duration.ofSeconds(30));
          SocketReader reader = client.startTls(Contexts.CLIENT).makefileReader(-1)) {
        client.sendall("good day\n");
        assertEquals("welcome\n", reader.readline(StandardCharsets.UTF_8));
        assertEquals("", reader.readline(StandardCharsets.UTF_8));
      }
      assertEquals("good day", heard.poll(30, TimeUnit.SECONDS));
      server.join(30_000);
    }
  }

  @Test
  void itCannotStartTwice() throws Exception {
    BlockingQueue<String> heard = new ArrayBlockingQueue<>(1);
    try (RunningServer running =
            RunningServer.tls(
                handler -> {
                  try {
                    handler.request.startTls(Contexts.SERVER);
                    heard.add("no error");
                  } catch (IOException | IllegalStateException e) {
                    heard.add(e.getMessage());
                  }
                });
        SSLSocket client = Peers.tls(running.address(), Contexts.CLIENT)) {
      client.startHandshake();
      String message = heard.poll(30, TimeUnit.SECONDS);
      assertTrue(message != null && message.toLowerCase().contains("tls"), message);
      assertTrue(message.contains("already"), message);
    }
  }
}
