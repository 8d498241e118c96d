package socketserver.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import socketserver.SocketReader;
import socketserver.StandardInput;

/**
 * A chat: a {@link ChatServer} if its name is {@code server}, a {@link ChatClient} if it is any
 * other.
 *
 * <p>Python original: recipe 2_3 of the Python Network Programming Cookbook, a chat with {@code
 * select.select}, with the same arguments. Its clients can talk on this server, and these on its
 * server. What differs is said at the two classes; the port may be left out here, too.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.Chat -Dexec.args=--name=server}, then in other terminals
 * the same with {@code --name=alice} and {@code --name=bob}.
 */
public final class Chat {
  private static final String USAGE =
      """
      usage: Chat --name=NAME [--port=PORT]
      Talks with all who have connected to the same server.
        NAME  server for the server, which a line of its standard input ends; any other for a client
        PORT  where the server listens, on localhost; 8800 unless given, 0 lets the system choose\
      """;

  private Chat() {}

  /**
   * Runs the server until a line is typed, or a client until its input ends.
   *
   * @param args the name and the port
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, Chat::run, args);
  }

  private static void run(CommandLine words) throws IOException {
    String name = words.requiredOption("--name");
    int port = words.portOption(8800);
    words.end();
    var address = InetSocketAddress.createUnresolved("localhost", port);
    SocketReader stdin = StandardInput.stdin();
    if (name.equals("server")) {
      try (var server = new ChatServer(address, stdin, System.out)) {
        Runtime.getRuntime().addShutdownHook(new Thread(server::interrupted));
        server.run();
      }
    } else {
      try (var client = new ChatClient(name, address, port, stdin, System.out)) {
        client.run();
      }
    }
  }
}
