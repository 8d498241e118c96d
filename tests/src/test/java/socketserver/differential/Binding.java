package socketserver.differential;

import static socketserver.SocketConstants.SOL_SOCKET;
import static socketserver.SocketConstants.SO_REUSEADDR;
import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.tcp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;

/** The address that a server gets, and its socket. */
final class Binding {
  private Binding() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("the server's address is the one it got, not the one it asked for")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    say(server.server_address[0], server.server_address[1] != 0)
                    say(server.server_address == server.socket.getsockname())
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  run.say(server.serverHost(), server.serverPort() != 0);
                  run.say(server.serverAddress().equals(server.socket().getsockname()));
                }),
        tcp("a host name is looked up, and the address is in numbers")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    with TCPServer(("localhost", 0), Handler) as named:
                        say(named.server_address[0])
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  var localhost = InetSocketAddress.createUnresolved("localhost", 0);
                  try (var named = new TCPServer(localhost, server.requestHandler())) {
                    run.say(named.serverHost());
                  }
                }),
        tcp("a second server on the same port is refused")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    attempt("second", lambda: TCPServer(server.server_address, Handler))
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) ->
                    run.attempt(
                        "second",
                        () -> new TCPServer(server.serverAddress(), server.requestHandler()))),
        tcp("without bind_and_activate the server is bound when it is told to")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.sendall(b'served')
                class Server(TCPServer):
                    def __init__(self, address, handler):
                        super().__init__(address, handler, False)
                        say(self.server_address[1])
                        self.allow_reuse_address = True
                        self.request_queue_size = 1
                        self.server_bind()
                        self.server_activate()
                        say(self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) != 0)
                """)
            .java(plain(h -> h.request.sendall("served")))
            .javaServer(LateServer::new)
            .client(c -> c.connect().readToEnd()),
        tcp("an address is reused, which Python's server has to allow")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    say(server.allow_reuse_address, getattr(server, 'allow_reuse_port', False))
                    say(server.socket.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) != 0)
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  run.say(server.allowReuseAddress(), server.allowReusePort());
                  run.say(server.socket().getsockopt(SOL_SOCKET, SO_REUSEADDR) != 0);
                })
            .differs(
                "a server can be started again at once",
                """
                server: false false
                server: false
                """,
                """
                server: true false
                server: true
                """),
        tcp("a connection does not inherit the listener's time-out")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say(self.request.gettimeout())
                class Server(TCPServer):
                    def server_activate(self):
                        super().server_activate()
                        self.socket.settimeout(5)
                """)
            .java(plain(h -> h.say(h.request.gettimeout())))
            .javaServer(
                (run, handler) ->
                    new TracedTCPServer(run, handler) {
                      @Override
                      public void serverActivate() throws IOException {
                        super.serverActivate();
                        socket().settimeout(Duration.ofSeconds(5));
                      }
                    })
            .client(c -> c.connect().readToEnd()));
  }

  /** Binds in its own constructor. */
  private static final class LateServer extends TracedTCPServer {
    LateServer(Run run, HandlerFactory<StreamSocket> handler) throws IOException {
      super(run, handler, false);
      say(serverPort());
      allowReuseAddress(true);
      requestQueueSize(1);
      serverBind();
      serverActivate();
      say(socket().getsockopt(SOL_SOCKET, SO_REUSEADDR) != 0);
    }
  }
}
