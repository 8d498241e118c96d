package socketserver.bench.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import socketserver.BaseRequestHandler;
import socketserver.BaseServer;
import socketserver.DatagramRequest;
import socketserver.ForkingMixIn;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;
import socketserver.UDPServer;

/** This library. */
final class SocketserverPeer implements Peer {
  private static final List<String> PROTOCOLS =
      List.of(
          "lines", "sink", "source", "datagrams", "unix-lines", "unix-datagrams", "tls-lines");

  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @Override
  public String name() {
    return "socketserver";
  }

  @Override
  public Map<String, List<String>> servers() {
    Map<String, List<String>> servers = new TreeMap<>();
    for (Strategy strategy : Strategy.values()) {
      servers.put(strategy.name().toLowerCase(java.util.Locale.ROOT), PROTOCOLS);
    }
    return servers;
  }

  @Override
  public Served open(String strategy, String protocol, String handler) throws Exception {
    Strategy servers = Strategy.valueOf(strategy.toUpperCase(java.util.Locale.ROOT));
    return switch (protocol) {
      case "datagrams" ->
          datagrams(servers.udp(ANY_PORT, datagramHandler(handler)));
      case "unix-datagrams" -> {
        Path path = SocketFolder.newPath();
        yield unix(path, servers.unixDatagrams(path, datagramHandler(handler)));
      }
      case "unix-lines" -> {
        Path path = SocketFolder.newPath();
        TCPServer server = servers.unix(path, streamHandler(handler, Handlers.UnixLineEcho::new));
        listen(server);
        yield unix(path, server);
      }
      default -> {
        TCPServer server = servers.tcp(ANY_PORT, streamHandler(handler, handler(protocol)));
        listen(server);
        yield serving("port " + server.serverPort(), server);
      }
    };
  }
}
