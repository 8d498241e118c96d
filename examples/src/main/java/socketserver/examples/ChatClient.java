package socketserver.examples;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import socketserver.SocketReader;
import socketserver.StreamSocket;
import socketserver.select.Select;
import socketserver.select.Selectable;
import socketserver.select.Selected;
import socketserver.spi.Printable;

/**
 * A client of the chat: one thread, which selects on the standard input and the connection, sends
 * what is typed and prints what the others say. {@link Chat} runs it.
 *
 * <p>Python original: {@code ChatClient} of recipe 2_3 of the Python Network Programming Cookbook.
 * It prints the same. It differs in that it ends with its standard input, at the end of which the
 * original prints its prompt for ever; in that a message may be longer than what arrives at a time
 * (the second edition's loses the first part); and in that it reads nothing but strings from
 * pickles, so that the server can do nothing to it.
 */
public final class ChatClient implements Closeable {
  /** A server adds a name and an address to what another client has said. */
  private static final int LONGEST = 2 * ChatConnection.LONGEST;

  /** How many bytes of a line go into a message; the rest of the line into others. */
  private static final int LONGEST_LINE = 32 << 10;

  private static final String CLIENT = "CLIENT: ";

  private final String name;
  private final SocketReader stdin;
  private final PrintStream out;
  private final ChatConnection connection;

  /** Null before the server has told the address that is a part of it. */
  private String prompt;

  private boolean typing = true;
  private boolean connected = true;

  /**
   * Connects, and says its name.
   *
   * @param name what the others see
   * @param address where the server listens
   * @param port the port of that address, as it is to be printed
   * @param stdin what is typed
   * @param out where prompts and messages go
   * @throws IOException if there is no such server
   */
  public ChatClient(
      String name, SocketAddress address, int port, SocketReader stdin, PrintStream out)
      throws IOException {
    this.name = name;
    this.stdin = stdin;
    this.out = out;
    try {
      connection = new ChatConnection(StreamSocket.connect(address), LONGEST);
    } catch (IOException e) {
      out.println("Failed to connect to chat server @ port " + port);
      throw e;
    }
    out.println("Now connected to chat server@ port " + port);
    connection.send(ChatConnection.message("NAME: " + name));
  }

  /**
   * Talks until the standard input ends, and all of it is sent, or the server hangs up.
   *
   * @throws IOException if the connection is lost, or the server sends what is no message
   */
  public void run() throws IOException {
    while (connected && (typing || connection.hasWaiting())) {
      Selected ready = Select.select(inputs(), outputs(), List.of());
      if (!ready.wlist().isEmpty()) {
        connection.flush();
      }
      for (Selectable sock : ready.rlist()) {
        if (sock == stdin) {
          type();
        } else {
          receive();
        }
      }
    }
  }

  /** The input waits until the server has answered, and while it does not read. */
  private List<Selectable> inputs() {
    boolean asks = typing && prompt != null && !connection.hasWaiting();
    return asks ? List.of(stdin, connection.channel()) : List.of(connection.channel());
  }

  private List<Selectable> outputs() {
    return connection.hasWaiting() ? List.of(connection.channel()) : List.of();
  }

  private void type() throws IOException {
    byte[] line = stdin.readline(LONGEST_LINE);
    typing = line.length > 0;
    String data = new String(line, StandardCharsets.UTF_8).strip();
    if (!data.isEmpty()) {
      connection.send(ChatConnection.message(data));
    }
    if (typing) {
      prompt();
    }
  }

  private void receive() throws IOException {
    connected = connection.receive();
    String data = connection.next();
    while (connected && data != null) {
      hear(data);
      data = connection.next();
    }
    if (!connected) {
      out.println("Client shutting down.");
    }
  }

  private void hear(String data) throws ProtocolException {
    if (prompt == null) {
      int address = data.indexOf(CLIENT);
      if (address < 0) {
        throw new ProtocolException("the server has not answered with the address of this client");
      }
      String host = Printable.of(data.substring(address + CLIENT.length()));
      prompt = "[" + name + "@" + host + "]> ";
    } else if (data.isEmpty()) {
      // what receive() of the original returns at the end of the stream
      connected = false;
      return;
    } else {
      out.println(printable(data));
    }
    prompt();
  }

  /** What others say cannot move the cursor; the server itself begins on a line of its own. */
  private static String printable(String data) {
    return data.startsWith("\n")
        ? "\n" + Printable.of(data.substring(1), LONGEST)
        : Printable.of(data, LONGEST);
  }

  private void prompt() {
    out.print(prompt);
    out.flush();
  }

  /** Hangs up. */
  @Override
  public void close() {
    connection.close();
  }
}
