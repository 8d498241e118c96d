package socketserver.bench.server;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs one server until standard input ends or the process is told to: prints {@code port N} or
 * {@code path P} once it listens.
 */
public final class Serve {
  static final List<Peer> PEERS =
      List.of(
          new SocketserverPeer(null),
          new EpollPeer(),
          new DieselPeer(),
          new JavaNetPeer(),
          new NettyPeer(),
          new JunixsocketPeer());

  private static final int UNUSABLE = 2;

  private Serve() {}

  /**
   * Serves.
   *
   * @param arguments the peer, its strategy, the protocol; and for this library, optionally, the
   *     class of a handler to serve with instead
   * @throws Exception if the server fails
   */
  public static void main(String[] arguments) throws Exception {
    Served server;
    try {
      server = open(List.of(arguments));
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      System.err.println(e.getMessage());
      System.exit(UNUSABLE);
      return;
    }
    endWithInput();
    System.out.println(server.address());
    server.serve();
  }

  private static Served open(List<String> arguments) throws Exception {
    if (arguments.size() < 3 || arguments.size() > 4) {
      throw new IllegalArgumentException(
          "usage: Serve PEER STRATEGY PROTOCOL [HANDLER_CLASS]\n" + whatThereIs());
    }
    String protocol = arguments.get(2);
    List<Peer> peers =
        arguments.size() > 3 ? List.of(new SocketserverPeer(arguments.get(3))) : PEERS;
    for (Peer peer : peers) {
      if (peer.name().equals(arguments.get(0))
          && peer.servers().getOrDefault(arguments.get(1), List.of()).contains(protocol)) {
        return peer.open(arguments.get(1), protocol);
      }
    }
    throw new IllegalArgumentException(
        "no such server: " + String.join(" ", arguments) + "\n" + whatThereIs());
  }

  private static String whatThereIs() {
    return PEERS.stream()
        .flatMap(
            peer ->
                peer.servers().entrySet().stream()
                    .map(
                        entry ->
                            peer.name()
                                + " "
                                + entry.getKey()
                                + ": "
                                + String.join(" ", entry.getValue())))
        .collect(Collectors.joining("\n  ", "there is\n  ", ""));
  }

  /** Exits, by way of the shutdown hooks, when whoever started this process lets go of it. */
  static void endWithInput() {
    Thread input =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // nothing is expected
                }
              } catch (IOException e) {
                // it ended all the same
              }
              System.exit(0);
            },
            "end with input");
    input.setDaemon(true);
    input.start();
  }
}
