package socketserver.tls;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import socketserver.StreamRequestHandler;
import socketserver.TCPServer;
import socketserver.ThreadingTCPServer;

/** A server that serves on a thread until it is closed, on a port that the system chose. */
final class RunningServer implements AutoCloseable {
  /** What a handler does with a connection. */
  interface Body {
    void handle(StreamRequestHandler handler) throws Exception;
  }

  private static final long SECONDS = 30;

  private final TCPServer server;
  private final Thread thread;

  RunningServer(TCPServer server) {
    this.server = server;
    this.thread = new Thread(server::serveForever, "serving");
    thread.setDaemon(true);
    thread.start();
  }

  static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** A threading server of which the handlers do one thing before setup() and then the body. */
  static RunningServer threading(Body beforeSetup, Body body) throws IOException {
    return new RunningServer(
        new ThreadingTCPServer(anyPort(), () -> new BodyHandler(beforeSetup, body)));
  }

  /** A threading server that speaks TLS from the first byte. */
  static RunningServer tls(Body body) throws IOException {
    return threading(handler -> handler.request.startTls(Contexts.SERVER), body);
  }

  /** A threading server that speaks plain text first. */
  static RunningServer plain(Body body) throws IOException {
    return threading(handler -> {}, body);
  }

  /** Sends every line back. */
  static void echoLines(StreamRequestHandler handler) throws IOException {
    for (byte[] line : handler.rfile) {
      handler.wfile.write(line);
    }
  }

  /** The address, by the name that the certificate has. */
  InetSocketAddress address() {
    return new InetSocketAddress("localhost", port());
  }

  int port() {
    return server.serverPort();
  }

  @Override
  public void close() {
    server.shutdown();
    server.serverClose();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    assertFalse(thread.isAlive(), "the server still serves");
  }

  private static final class BodyHandler extends StreamRequestHandler {
    private final Body beforeSetup;
    private final Body body;

    BodyHandler(Body beforeSetup, Body body) {
      this.beforeSetup = beforeSetup;
      this.body = body;
    }

    @Override
    public void setup() throws Exception {
      beforeSetup.handle(this);
      super.setup();
    }

    @Override
    public void handle() throws Exception {
      body.handle(this);
    }
  }
}
