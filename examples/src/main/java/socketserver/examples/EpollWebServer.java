package socketserver.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import socketserver.ListenerSocket;
import socketserver.SocketConstants;
import socketserver.StreamSocket;
import socketserver.WouldBlockException;
import socketserver.select.Epoll;
import socketserver.select.PollEvent;
import socketserver.spi.Printable;

/**
 * A web server on epoll: one thread, and for each connection, by its descriptor, what it has asked
 * so far and what it is still to be answered. Each request gets the same 25 bytes.
 *
 * <p>Python original: recipe 2_4 of the Python Network Programming Cookbook, step by step: register
 * for reading, modify for writing when the request is there, shut down when the answer is sent, and
 * close when epoll tells of the hang-up. It differs where the original spins or fails: a client
 * that leaves before its request is complete is closed ({@code recv} finds the end of the stream
 * again and again there), one that is lost does not end the server, and a request has a limit, as
 * the number of connections and the time of each have. It can be closed.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.EpollWebServer}, then {@code curl http://localhost:8800/}.
 */
public final class EpollWebServer implements AutoCloseable {
  private static final String USAGE =
      """
      usage: EpollWebServer [--port=PORT]
      Answers each HTTP request with the same text.
        PORT  where to listen, on localhost; 8800 unless given, 0 lets the system choose\
      """;

  /** How many bytes the header of a request may have. */
  static final int LONGEST_REQUEST = 8 << 10;

  /** How many connections there may be at a time; more wait until one ends. */
  private static final int MOST_CONNECTIONS = 500;

  /** How long a client may take to send its request and to take the answer. */
  private static final Duration LONGEST_TIME = Duration.ofSeconds(30);

  private static final Pattern LINE = Pattern.compile("(?:(?!\r?\n).)+", Pattern.DOTALL);
  private static final String EOL1 = "\n\n";
  private static final String EOL2 = "\n\r\n";
  private static final byte[] SERVER_RESPONSE =
      """
      HTTP/1.1 200 OK\r
      Date: Mon, 1 Apr 2013 01:01:01 GMT\r
      Content-Type: text/plain\r
      Content-Length: 25\r
      \r

      Hello from Epoll Server!\
      """
          .getBytes(StandardCharsets.US_ASCII);

  private final ListenerSocket sock;
  private final Epoll epoll = new Epoll();
  private final PrintStream out;
  private final int mostConnections;
  private final Duration longestTime;

  /** By descriptor, as the three others. All are for the thread that runs. */
  private final Map<Integer, StreamSocket> connections = new HashMap<>();

  private final Map<Integer, ByteArrayOutputStream> requests = new HashMap<>();
  private final Map<Integer, byte[]> responses = new HashMap<>();

  /** When each connection was accepted; the oldest first. */
  private final Map<Integer, Long> accepted = new LinkedHashMap<>();

  /** Set by close, read by the loop. */
  private volatile boolean closed;

  /**
   * Binds and listens.
   *
   * @param address where to listen
   * @param out where the requests are printed
   * @throws IOException if the address cannot be bound
   */
  public EpollWebServer(SocketAddress address, PrintStream out) throws IOException {
    this(address, out, MOST_CONNECTIONS, LONGEST_TIME);
  }

  /** The same with so many connections at a time, each for so long. */
  EpollWebServer(SocketAddress address, PrintStream out, int mostConnections, Duration longestTime)
      throws IOException {
    this.out = out;
    this.mostConnections = mostConnections;
    this.longestTime = longestTime;
    sock = new ListenerSocket(StandardProtocolFamily.INET);
    try {
      sock.setsockopt(SocketConstants.SOL_SOCKET, SocketConstants.SO_REUSEADDR, 1);
      sock.bind(address);
      sock.listen(1);
      sock.setblocking(false);
      sock.setsockopt(SocketConstants.IPPROTO_TCP, SocketConstants.TCP_NODELAY, 1);
      out.println("Started Epoll Server");
      epoll.register(sock, Epoll.EPOLLIN);
    } catch (IOException e) {
      sock.close();
      epoll.close();
      throw e;
    }
  }

  /**
   * Returns the port that it listens on.
   *
   * @return the port, if need be the one that the system chose
   * @throws IOException if the server is closed
   */
  public int port() throws IOException {
    return ((InetSocketAddress) sock.getsockname()).getPort();
  }

  /**
   * Answers until the server is closed.
   *
   * @throws IOException if epoll or accepting fails
   */
  public void run() throws IOException {
    try {
      while (true) {
        for (PollEvent event : epoll.poll(Duration.ofSeconds(1))) {
          if (event.fileobj() == sock) {
            accept();
          } else {
            serve(event);
          }
        }
        closeThoseThatTakeTooLong();
      }
    } catch (IOException | IllegalStateException e) {
      // the second: an epoll that is closed
      if (!closed) {
        throw e;
      }
    } finally {
      connections.values().forEach(StreamSocket::close);
    }
  }

  private void accept() throws IOException {
    StreamSocket connection;
    try {
      connection = sock.accept();
    } catch (WouldBlockException e) {
      // whoever it was has left
      return;
    }
    connection.setblocking(false);
    int fileno = connection.fileno();
    epoll.register(connection, Epoll.EPOLLIN);
    connections.put(fileno, connection);
    accepted.put(fileno, System.nanoTime());
    requests.put(fileno, new ByteArrayOutputStream());
    responses.put(fileno, SERVER_RESPONSE);
    if (connections.size() == mostConnections) {
      epoll.modify(sock, 0);
    }
  }

  private void serve(PollEvent event) throws IOException {
    int fileno = event.fd();
    try {
      if (event.has(Epoll.EPOLLIN)) {
        receive(fileno);
      } else if (event.has(Epoll.EPOLLOUT)) {
        send(fileno);
      } else if (event.has(Epoll.EPOLLHUP | Epoll.EPOLLERR)) {
        close(fileno);
      }
    } catch (WouldBlockException e) {
      // epoll tells when there is more to do
    } catch (IOException e) {
      // the client is gone
      close(fileno);
    }
  }

  private void receive(int fileno) throws IOException {
    byte[] data = connections.get(fileno).recv(1024);
    ByteArrayOutputStream request = requests.get(fileno);
    request.writeBytes(data);
    // a character for each byte: what is looked for is ASCII
    String text = request.toString(StandardCharsets.ISO_8859_1);
    if (text.contains(EOL1) || text.contains(EOL2)) {
      epoll.modify(fileno, Epoll.EPOLLOUT);
      String decoded = request.toString(StandardCharsets.UTF_8);
      out.println("-".repeat(40) + "\n" + printable(decoded.substring(0, decoded.length() - 2)));
    } else if (data.length == 0 || request.size() > LONGEST_REQUEST) {
      close(fileno);
    }
  }

  /** What a client sends cannot move a terminal's cursor, but for the ends of lines. */
  private static String printable(String request) {
    return LINE.matcher(request)
        .replaceAll(line -> Matcher.quoteReplacement(Printable.of(line.group(), LONGEST_REQUEST)));
  }

  private void send(int fileno) throws IOException {
    byte[] response = responses.get(fileno);
    int byteswritten = connections.get(fileno).send(response);
    response = Arrays.copyOfRange(response, byteswritten, response.length);
    responses.put(fileno, response);
    if (response.length == 0) {
      epoll.modify(fileno, 0);
      connections.get(fileno).shutdown(SocketConstants.SHUT_RDWR);
    }
  }

  /** Who connects and says nothing would keep others out. */
  private void closeThoseThatTakeTooLong() throws IOException {
    long now = System.nanoTime();
    for (Map.Entry<Integer, Long> each : List.copyOf(accepted.entrySet())) {
      if (now - each.getValue() < longestTime.toNanos()) {
        break;
      }
      close(each.getKey());
    }
  }

  private void close(int fileno) throws IOException {
    epoll.unregister(fileno);
    connections.remove(fileno).close();
    accepted.remove(fileno);
    requests.remove(fileno);
    responses.remove(fileno);
    if (connections.size() == mostConnections - 1) {
      epoll.modify(sock, Epoll.EPOLLIN);
    }
  }

  /** Closes the listening socket and the epoll, which ends the loop; that closes the rest. */
  @Override
  public void close() {
    closed = true;
    epoll.close();
    sock.close();
  }

  /**
   * Serves until the process is ended.
   *
   * @param args the port
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, EpollWebServer::serve, args);
  }

  private static void serve(CommandLine words) throws IOException {
    int port = words.portOption(8800);
    words.end();
    var address = InetSocketAddress.createUnresolved("localhost", port);
    try (var server = new EpollWebServer(address, System.out)) {
      System.out.println("listening on port " + server.port());
      server.run();
    }
  }
}
