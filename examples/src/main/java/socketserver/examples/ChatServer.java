package socketserver.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import socketserver.ListenerSocket;
import socketserver.SocketConstants;
import socketserver.SocketReader;
import socketserver.StreamSocket;
import socketserver.WouldBlockException;
import socketserver.select.Select;
import socketserver.select.Selectable;
import socketserver.select.Selected;
import socketserver.spi.Printable;

/**
 * The server of the chat: one thread, which selects on the listening socket, the standard input and
 * all clients, and hands what one of them says to the others. {@link Chat} runs it.
 *
 * <p>Python original: {@code ChatServer} of recipe 2_3 of the Python Network Programming Cookbook.
 * It prints the same, and its messages are the same. It differs in what one client can do to the
 * others. The original selects all clients for writing, all the time, so that {@code select} never
 * waits; here a client is selected for writing while something waits for it. The original waits for
 * a new client's name, for the rest of a message and for room to send; here nothing waits but
 * {@code select}. The original ends with an exception when a client says no name or hangs up on it,
 * and loads any pickle; here such a client is hung up on, the reason is printed, and only a string
 * can be in a pickle. The length of messages and names, the number of clients, and what waits for a
 * client that does not read, have limits, and so has the time of a client that says nothing.
 */
public final class ChatServer implements AutoCloseable {
  /** How many clients there may be at a time; more wait until one leaves. */
  static final int MOST_CLIENTS = 500;

  /** How many characters a client's name may have. */
  static final int LONGEST_NAME = 64;

  /** How long a client may take to say its name. */
  private static final Duration TO_JOIN = Duration.ofSeconds(30);

  /** How long a client may say nothing. */
  private static final Duration LONGEST_SILENCE = Duration.ofHours(1);

  private static final String NAME = "NAME: ";

  private final ListenerSocket server;
  private final SocketReader stdin;
  private final PrintStream out;
  private final Duration toJoin;

  /** All connections, by what is selected. Like all that follows, for the thread that runs. */
  private final Map<Selectable, Client> clientmap = new LinkedHashMap<>();

  /** How many have said their names. */
  private int clients;

  /** Set by close, read when the process ends. */
  private volatile boolean closed;

  /** A connection, and who is there. */
  private static final class Client {
    final ChatConnection connection;
    final String host;

    /** Null before it was said. */
    String name;

    /** When it is to be hung up on unless it says something. */
    long deadline;

    /** Why it is to be hung up on: null for not at all, empty if the client has left. */
    String reason;

    Client(StreamSocket channel, InetSocketAddress address) {
      connection = new ChatConnection(channel, ChatConnection.LONGEST);
      host = address.getAddress().getHostAddress();
    }

    void mayBeSilentFor(Duration time) {
      deadline = System.nanoTime() + time.toNanos();
    }

    void lost(IOException e) {
      reason = e.getMessage() == null ? e.toString() : e.getMessage();
    }

    @Override
    public String toString() {
      return name + "@" + host;
    }
  }

  /**
   * Binds and listens.
   *
   * @param address where to listen
   * @param stdin what ends the server by a line, or by its end
   * @param out where it tells what happens
   * @throws IOException if the address cannot be bound
   */
  public ChatServer(SocketAddress address, SocketReader stdin, PrintStream out) throws IOException {
    this(address, stdin, out, TO_JOIN);
  }

  /** The same where a client may take so long to say its name. */
  ChatServer(SocketAddress address, SocketReader stdin, PrintStream out, Duration toJoin)
      throws IOException {
    this.toJoin = toJoin;
    this.stdin = stdin;
    this.out = out;
    server = new ListenerSocket(StandardProtocolFamily.INET);
    try {
      server.setsockopt(SocketConstants.SOL_SOCKET, SocketConstants.SO_REUSEADDR, 1);
      server.bind(address);
      out.println("Server listening to port: " + port() + " ...");
      server.listen(5);
      server.setblocking(false);
    } catch (IOException e) {
      server.close();
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
    return ((InetSocketAddress) server.getsockname()).getPort();
  }

  /**
   * Serves until there is a line of the standard input, or its end.
   *
   * @throws IOException if selecting or accepting fails
   */
  public void run() throws IOException {
    boolean running = true;
    while (running) {
      Selected ready = Select.select(inputs(), outputs(), List.of(), untilNextDeadline());
      for (Selectable sock : ready.wlist()) {
        flush(clientmap.get(sock));
      }
      for (Selectable sock : ready.rlist()) {
        if (sock == server) {
          accept();
        } else if (sock == stdin) {
          running = !isEnough(stdin.read1(1024));
        } else {
          receive(clientmap.get(sock));
        }
      }
      giveUpOnTheSilent();
      hangUpOnThoseThatAreLost();
    }
  }

  /** Null if there is none. */
  private Duration untilNextDeadline() {
    long now = System.nanoTime();
    return clientmap.values().stream()
        .map(client -> Math.max(client.deadline - now, 0))
        .min(Long::compare)
        .map(Duration::ofNanos)
        .orElse(null);
  }

  /** Who connects and says nothing would keep others out. */
  private void giveUpOnTheSilent() {
    long now = System.nanoTime();
    for (Client client : clientmap.values()) {
      if (client.reason == null && now - client.deadline >= 0) {
        client.reason = "said nothing for too long";
      }
    }
  }

  private List<Selectable> inputs() {
    List<Selectable> inputs = new ArrayList<>(clientmap.keySet());
    inputs.add(stdin);
    if (clientmap.size() < MOST_CLIENTS) {
      inputs.add(server);
    }
    return inputs;
  }

  private List<Selectable> outputs() {
    List<Selectable> outputs = new ArrayList<>();
    for (Client client : clientmap.values()) {
      if (client.connection.hasWaiting()) {
        outputs.add(client.connection.channel());
      }
    }
    return outputs;
  }

  /** Readline would wait for the rest of a line that somebody has begun. */
  private static boolean isEnough(byte[] typed) {
    return typed.length == 0 || new String(typed, StandardCharsets.ISO_8859_1).contains("\n");
  }

  private void accept() throws IOException {
    StreamSocket client;
    try {
      client = server.accept();
    } catch (WouldBlockException e) {
      // whoever it was has left
      return;
    }
    try {
      var address = (InetSocketAddress) client.getpeername();
      var joining = new Client(client, address);
      joining.mayBeSilentFor(toJoin);
      clientmap.put(client, joining);
      String shown = "('" + joining.host + "', " + address.getPort() + ")";
      out.println("Chat server: got connection " + client.fileno() + " from " + shown);
    } catch (IOException e) {
      // the same, and it has no address any more
      client.close();
    }
  }

  private static void flush(Client client) {
    try {
      client.connection.flush();
    } catch (IOException e) {
      client.lost(e);
    }
  }

  private void receive(Client client) {
    try {
      if (client.connection.receive()) {
        String text = client.connection.next();
        while (text != null && client.reason == null) {
          hear(client, text);
          text = client.connection.next();
        }
      } else {
        client.reason = "";
      }
    } catch (IOException e) {
      client.lost(e);
    }
  }

  private void hear(Client client, String text) {
    client.mayBeSilentFor(LONGEST_SILENCE);
    if (client.name == null) {
      join(client, text);
    } else if (text.isEmpty()) {
      // what receive() of the original returns at the end of the stream
      client.reason = "";
    } else {
      broadcast("\n#[" + client + "]>>" + text, client);
    }
  }

  private void join(Client client, String text) {
    int name = text.indexOf(NAME);
    if (name < 0 || text.length() - name - NAME.length() > LONGEST_NAME) {
      client.reason = "said no name of at most " + LONGEST_NAME + " characters";
      return;
    }
    send(client, ChatConnection.message("CLIENT: " + client.host));
    clients++;
    client.name = text.substring(name + NAME.length());
    broadcast("\n(Connected: New client (" + clients + ") from " + client + ")", client);
  }

  /** Sends a text to all that have said their names, but one. */
  private void broadcast(String text, Client except) {
    byte[] message = ChatConnection.message(text);
    for (Client client : clientmap.values()) {
      if (client != except && client.name != null) {
        send(client, message);
      }
    }
  }

  private static void send(Client client, byte[] message) {
    if (client.reason != null) {
      return;
    }
    try {
      client.connection.send(message);
    } catch (IOException e) {
      client.lost(e);
    }
  }

  /** Telling the others of it may find that more are lost. */
  private void hangUpOnThoseThatAreLost() {
    List<Client> lost;
    do {
      lost = clientmap.values().stream().filter(client -> client.reason != null).toList();
      lost.forEach(this::hangUp);
    } while (!lost.isEmpty());
  }

  private void hangUp(Client client) {
    int number = client.connection.channel().fileno();
    if (!client.reason.isEmpty()) {
      out.println("Chat server: " + number + ": " + Printable.of(client.reason));
    }
    out.println("Chat server: " + number + " hung up");
    clientmap.remove(client.connection.channel());
    client.connection.close();
    if (client.name != null) {
      clients--;
      broadcast("\n(Now hung up: Client from " + client + ")", client);
    }
  }

  /** What is said on SIGINT, by another thread; the end of the process closes the sockets. */
  void interrupted() {
    if (!closed) {
      out.println("Shutting down server...");
    }
  }

  /** Closes all sockets, which the clients see. To be called when the loop has ended. */
  @Override
  public void close() {
    closed = true;
    clientmap.values().forEach(client -> client.connection.close());
    server.close();
  }
}
