package socketserver.bench.server;

import java.util.List;
import java.util.Map;

/** One way to write servers. */
interface Peer {
  /** The listen backlog of every server. */
  int BACKLOG = 1024;

  /** The longest line that is echoed. */
  int LONGEST_LINE = 1 << 16;

  /** How much is read or written at once where the work is to move much. */
  int PIECE = 1 << 16;

  /** How it is called. */
  String name();

  /** The protocols that it serves, by the strategies that serve them, on some Java. */
  Map<String, List<String>> servers();

  /**
   * Makes a server that listens.
   *
   * @param strategy one of {@link #servers()}
   * @param protocol one that the strategy serves
   * @throws UnsupportedOperationException if this Java, system or peer cannot do that
   */
  Served open(String strategy, String protocol) throws Exception;
}
