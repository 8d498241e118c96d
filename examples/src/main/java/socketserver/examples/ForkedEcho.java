package socketserver.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import socketserver.BaseRequestHandler;
import socketserver.ForkingMixIn;
import socketserver.StreamSocket;
import socketserver.TCPServer;

/**
 * A forking server and two of its clients: each request is answered with its text and the number of
 * the process that handles it, another one each time.
 *
 * <p>Python original: the {@code ForkingMixIn} example of the fourth seed document, which is recipe
 * 2_1 of the Python Network Programming Cookbook. It prints the lines that the recipe prints with
 * Python 3, but for the numbers. One line comes from a child process, whose output is the parent's:
 * here it is always seen, in Python only on a terminal, since {@code os._exit} forgets what a file
 * or a pipe was to get. The clients leave out the first five characters of the answer, as in the
 * original: with a process number of five digits that is the number. The original closes only the
 * server's socket; this one closes the server, which also ends the processes that wait for
 * requests.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.ForkedEcho}
 */
public final class ForkedEcho {
  private static final String USAGE =
      """
      usage: ForkedEcho
      Runs a forking server and two of its clients.\
      """;

  private static final int BUF_SIZE = 1024;
  private static final String ECHO_MSG = "Hello echo server!";

  private ForkedEcho() {}

  /** Tests a forking server. */
  static final class ForkedClient {
    private final StreamSocket sock;

    /** Connects to the server. */
    ForkedClient(SocketAddress server) throws IOException {
      sock = StreamSocket.connect(server);
    }

    /** Sends the text and prints the answer. */
    void run(PrintStream out) throws IOException {
      long currentProcessId = ProcessHandle.current().pid();
      out.println(
          "PID " + currentProcessId + " Sending echo message to the server : \"" + ECHO_MSG + "\"");
      int sentDataLength = sock.send(ECHO_MSG.getBytes(StandardCharsets.UTF_8));
      out.println("Sent: " + sentDataLength + " characters, so far...");

      byte[] response = sock.recv(BUF_SIZE);
      byte[] echo = Arrays.copyOfRange(response, Math.min(5, response.length), response.length);
      // bytes as Python 3 prints them
      String shown = "b'" + new String(echo, StandardCharsets.US_ASCII) + "'";
      out.println("PID " + currentProcessId + " received: " + shown);
    }

    /** Hangs up. */
    void shutdown() {
      sock.close();
    }
  }

  /** Answers with the text and the number of its process; runs in a child. */
  static final class ForkingServerRequestHandler extends BaseRequestHandler<StreamSocket> {
    @Override
    public void handle() throws IOException {
      String data = new String(request.recv(BUF_SIZE), StandardCharsets.UTF_8);
      long currentProcessId = ProcessHandle.current().pid();
      String response = currentProcessId + ": " + data;
      System.out.println("Server sending response [current_process_id: data] = [" + response + "]");
      request.send(response.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** As {@link socketserver.ForkingTCPServer}, put together by hand. */
  static final class ForkingServer extends TCPServer implements ForkingMixIn {
    ForkingServer(SocketAddress address) throws IOException {
      super(address, ForkingServerRequestHandler::new);
    }
  }

  /**
   * Runs the server and its clients.
   *
   * @param out where this process prints; its children print on its standard output
   * @throws IOException if the server or a client fails
   */
  public static void run(PrintStream out) throws IOException {
    // port 0: any port that is free
    try (var server = new ForkingServer(new InetSocketAddress("localhost", 0))) {
      server.closeOnExit(Duration.ofSeconds(5));
      var serverThread = new Thread(server::serveForever);
      serverThread.setDaemon(true);
      serverThread.start();
      out.println("Server loop running PID: " + ProcessHandle.current().pid());

      var client1 = new ForkedClient(server.serverAddress());
      client1.run(out);
      out.println("First client running");
      var client2 = new ForkedClient(server.serverAddress());
      client2.run(out);
      out.println("Second client running");

      server.shutdown();
      client1.shutdown();
      client2.shutdown();
    }
  }

  /**
   * Runs the server and its clients.
   *
   * @param args none
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, ForkedEcho::run, args);
  }

  private static void run(CommandLine words) throws IOException {
    words.end();
    run(System.out);
  }
}
