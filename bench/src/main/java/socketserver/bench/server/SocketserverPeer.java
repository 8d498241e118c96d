package socketserver.bench.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import socketserver.BaseRequestHandler;
import socketserver.HandlerFactory;
import socketserver.SocketServer;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.UDPServer;

/** This library. */
final class SocketserverPeer implements Peer {
  private static final Map<String, OurServers> STRATEGIES = new LinkedHashMap<>();

  static {
    STRATEGIES.put("sync", new SyncServers());
    STRATEGIES.put("threading", new ThreadingServers());
    STRATEGIES.put("pool", new PoolServers());
    STRATEGIES.put("virtual", new VirtualServers());
    STRATEGIES.put("eventloop", new EventLoopServers());
    STRATEGIES.put("forking", new ForkingServers());
  }

  private static final Map<String, HandlerFactory<StreamSocket>> STREAM_HANDLERS =
      Map.of(
          "lines", Handlers.LineEcho::new,
          "line", Handlers.OneLine::new,
          "chat", Handlers.Chat::new,
          "mix", Handlers.Mix::new,
          "sink", Handlers.Sink::new,
          "source", Handlers.Source::new,
          "unix-lines", Handlers.UnixLineEcho::new,
          "tls-lines", Handlers.TlsLineEcho::new);

  private static final List<String> PROTOCOLS =
      List.of(
          "lines",
          "line",
          "chat",
          "mix",
          "sink",
          "source",
          "datagrams",
          "unix-lines",
          "unix-datagrams",
          "tls-lines");

  /** What processes do not share: the members of a chat, and a certificate. */
  private static final List<String> TOGETHER = List.of("chat", "tls-lines");

  private final String handler;

  /**
   * Makes the peer.
   *
   * @param handler the name of the handler class to serve with; null for those of the protocols
   */
  SocketserverPeer(String handler) {
    this.handler = handler;
  }

  @Override
  public String name() {
    return "socketserver";
  }

  @Override
  public Map<String, List<String>> servers() {
    Map<String, List<String>> servers = new LinkedHashMap<>();
    STRATEGIES.keySet().forEach(strategy -> servers.put(strategy, PROTOCOLS));
    servers.put("forking", PROTOCOLS.stream().filter(p -> !TOGETHER.contains(p)).toList());
    return servers;
  }

  @Override
  public Served open(String strategy, String protocol) throws Exception {
    OurServers servers = STRATEGIES.get(strategy);
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    if (protocol.equals("tls-lines")) {
      // made now, not while the first client waits
      Objects.requireNonNull(SelfSigned.CONTEXT);
    }
    switch (protocol) {
      case "datagrams" -> {
        UDPServer server = servers.udp(loopback, factory(Handlers.DatagramEcho::new));
        activate(server);
        return Served.of("port " + server.serverPort(), server::serveForever);
      }
      case "unix-datagrams" -> {
        Path path = SocketFolder.newPath();
        UDPServer server = servers.unixDatagrams(path, factory(Handlers.DatagramEcho::new));
        activate(server);
        return Served.of("path " + path, server::serveForever);
      }
      case "unix-lines" -> {
        Path path = SocketFolder.newPath();
        TCPServer server = servers.unix(path, factory(STREAM_HANDLERS.get(protocol)));
        server.requestQueueSize(BACKLOG);
        activate(server);
        return Served.of("path " + path, server::serveForever);
      }
      default -> {
        TCPServer server = servers.tcp(loopback, factory(STREAM_HANDLERS.get(protocol)));
        server.requestQueueSize(BACKLOG);
        activate(server);
        return Served.of("port " + server.serverPort(), server::serveForever);
      }
    }
  }

  /** Binds and listens, which a constructor cannot do before the attributes are set. */
  private static void activate(SocketServer<?, ?> server) throws IOException {
    server.serverBind();
    server.serverActivate();
  }

  /** The factory of the class that was named, or else the usual one. */
  private <R> HandlerFactory<R> factory(HandlerFactory<R> usual) {
    if (handler == null) {
      return usual;
    }
    try {
      @SuppressWarnings("unchecked") // one for other requests fails with its first request
      var type =
          (Class<? extends BaseRequestHandler<? super R>>)
              Class.forName(handler).asSubclass(BaseRequestHandler.class);
      return HandlerFactory.of(type);
    } catch (ClassNotFoundException | ClassCastException e) {
      throw new IllegalArgumentException("no handler class on the class path: " + handler, e);
    }
  }
}
