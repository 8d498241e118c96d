package socketserver.bench.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What a blocking server does with a connection. */
interface Conversation {
  void hold(InputStream in, OutputStream out) throws IOException;

  /** The one of a protocol. */
  static Conversation of(String protocol) {
    return switch (protocol) {
      case "chat" -> new ChatRoom();
      case "mix" -> Computing::echo;
      case "line" -> LineEcho::one;
      case "sink" -> Bulk::sink;
      case "source" -> Bulk::source;
      default -> LineEcho::echo;
    };
  }
}
