package socketserver.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import socketserver.BaseRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;

/**
 * A threading server and three of its clients in one process: each request is answered with its
 * text and the name of the thread that handles it.
 *
 * <p>Python original: the {@code ThreadingMixIn} example of the second seed document, which is the
 * one of Python's own documentation. It prints the lines that Python 3.10 and later print; Python 2
 * had shorter thread names. The threads of the requests are numbered by the library, the serving
 * thread is named here.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.ThreadedEcho}
 */
public final class ThreadedEcho {
  private static final String USAGE =
      """
      usage: ThreadedEcho
      Runs a threading server and three of its clients.\
      """;

  private ThreadedEcho() {}

  /** Answers with the text and the thread's name. */
  static final class ThreadedTCPRequestHandler extends BaseRequestHandler<StreamSocket> {
    @Override
    public void handle() throws IOException {
      String data = new String(request.recv(1024), StandardCharsets.US_ASCII);
      request.sendall(Thread.currentThread().getName() + ": " + data);
    }
  }

  /** As {@link socketserver.ThreadingTCPServer}, put together by hand. */
  static final class ThreadedTCPServer extends TCPServer implements ThreadingMixIn {
    ThreadedTCPServer(SocketAddress address) throws IOException {
      super(address, ThreadedTCPRequestHandler::new);
    }
  }

  private static void client(SocketAddress address, String message, PrintStream out)
      throws IOException {
    try (StreamSocket sock = StreamSocket.connect(address)) {
      sock.sendall(message);
      out.println("Received: " + new String(sock.recv(1024), StandardCharsets.US_ASCII));
    }
  }

  /**
   * Runs the server and its clients.
   *
   * @param out where the answers are printed
   * @throws IOException if the server or a client fails
   */
  public static void run(PrintStream out) throws IOException {
    // port 0: any port that is free
    try (var server = new ThreadedTCPServer(new InetSocketAddress("localhost", 0))) {
      server.closeOnExit(Duration.ofSeconds(5));
      var serverThread = new Thread(server::serveForever, "Thread-1 (serve_forever)");
      serverThread.setDaemon(true);
      serverThread.start();
      out.println("Server loop running in thread: " + serverThread.getName());

      client(server.serverAddress(), "Hello World 1", out);
      client(server.serverAddress(), "Hello World 2", out);
      client(server.serverAddress(), "Hello World 3", out);
      server.shutdown();
    }
  }

  /**
   * Runs the server and its clients.
   *
   * @param args none
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, ThreadedEcho::run, args);
  }

  private static void run(CommandLine words) throws IOException {
    words.end();
    run(System.out);
  }
}
