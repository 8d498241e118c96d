package socketserver.bench.server;

/**
 * Runs servers of one strategy in one process, each of which prints its address, as {@link Serve}
 * runs one: a process for each would take minutes.
 */
final class ServeAll {
  private ServeAll() {}

  /** Serves: the peer, the strategy, and the protocols with spaces between. */
  public static void main(String[] arguments) throws Exception {
    Serve.endWithInput();
    for (Peer peer : Serve.PEERS) {
      if (peer.name().equals(arguments[0]) && peer.servers().containsKey(arguments[1])) {
        for (String protocol : arguments[2].split(" ")) {
          Served server = peer.open(arguments[1], protocol);
          System.out.println(server.address());
          new Thread(() -> serve(server), protocol).start();
        }
      }
    }
  }

  private static void serve(Served server) {
    try {
      server.serve();
    } catch (Exception e) {
      e.printStackTrace();
    }
  }
}
