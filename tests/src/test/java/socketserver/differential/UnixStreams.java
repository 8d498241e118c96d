package socketserver.differential;

import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.tcp;
import static socketserver.differential.StreamHandling.stream;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.UnixAddress;
import socketserver.UnixStreamServer;

/** What only Unix stream sockets have: paths, and clients without one. */
final class UnixStreams {
  private static final long BOUND_NANOS = Bound.WAIT.toNanos();

  private UnixStreams() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("a client that is bound to no path is unnamed, an empty string in Python")
            .only(Family.UNIX)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say(self.client_address == '', self.request.getpeername() == '')
                """)
            .java(
                plain(
                    h ->
                        h.say(
                            h.clientAddress.equals(UnixAddress.UNNAMED),
                            h.request.getpeername().equals(UnixAddress.UNNAMED))))
            .client(c -> c.connectUnnamed().readToEnd()),
        tcp("the server's address is the path it was given")
            .only(Family.UNIX)
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    say(os.path.basename(server.server_address))
                    say(server.server_address == server.socket.getsockname())
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  run.say(path(server).getFileName());
                  run.say(server.serverAddress().equals(server.socket().getsockname()));
                }),
        tcp("the file stays when the server closes, and keeps others from its path")
            .only(Family.UNIX)
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                class Reusing(TCPServer):
                    allow_reuse_address = True
                def main(server):
                    path = server.server_address
                    attempt("while it is open", lambda: TCPServer(path, Handler))
                    server.server_close()
                    say(os.path.exists(path))
                    attempt("when it is closed", lambda: TCPServer(path, Handler))
                    attempt("with address reuse", lambda: Reusing(path, Handler))
                    os.unlink(path)
                    with TCPServer(path, Handler) as another:
                        say(another.server_address == path)
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  Path path = path(server);
                  run.attempt("while it is open", () -> another(path, false));
                  server.serverClose();
                  run.say(Files.exists(path));
                  run.attempt("when it is closed", () -> another(path, false));
                  run.attempt("with address reuse", () -> another(path, true));
                  Files.delete(path);
                  try (var another = another(path, false)) {
                    run.say(path(another).equals(path));
                  }
                }),
        tcp("without bind_and_activate there is no file until the server is bound")
            .only(Family.UNIX)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.sendall(b'served')
                class Server(TCPServer):
                    def __init__(self, address, handler):
                        super().__init__(address, handler, False)
                        say(os.path.exists(self.server_address))
                        self.server_bind()
                        say(os.path.exists(self.server_address))
                        self.server_activate()
                """)
            .java(plain(h -> h.request.sendall("served")))
            .javaServer(LateServer::new)
            .client(c -> c.connectUnnamed().readToEnd()),
        tcp("a name in the abstract namespace has no file")
            .only(Family.UNIX)
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    name = '\\0' + server.server_address
                    with TCPServer(name, Handler) as named:
                        say(named.server_address == name.encode())
                        attempt("another", lambda: TCPServer(name, Handler))
                    with TCPServer(name, Handler) as named:
                        say("free again")
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  String name = "\0" + path(server);
                  try (var named = new UnixStreamServer(name, server.requestHandler())) {
                    run.say(named.serverAddress().equals(UnixAddress.of(name)));
                    run.attempt(
                        "another", () -> new UnixStreamServer(name, server.requestHandler()));
                  }
                  try (var named = new UnixStreamServer(name, server.requestHandler())) {
                    named.fileno();
                    run.say("free again");
                  }
                }),
        tcp("a path that is too long, and one in no folder, are refused")
            .only(Family.UNIX)
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    def refused(path):
                        try:
                            TCPServer(path, Handler)
                        except OSError:
                            return "refused"
                    attempt("long", lambda: refused(server.server_address + 'x' * 108))
                    attempt("nowhere", lambda: refused(server.server_address + '-no/s'))
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  run.attempt("long", () -> refused(path(server) + "x".repeat(108)));
                  run.attempt("nowhere", () -> refused(path(server) + "-no/s"));
                }),
        tcp("Nagle's algorithm cannot be disabled where there is none")
            .only(Family.UNIX)
            .python(
                """
                class Handler(StreamRequestHandler):
                    disable_nagle_algorithm = True
                """)
            .java(stream(h -> {}).disableNagleAlgorithm())
            .client(c -> c.connectUnnamed().readToEnd()),
        tcp("a client that closes with an answer unread resets the connection")
            .only(Family.UNIX)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.sendall(b'answer')
                        attempt("recv", lambda: self.request.recv(1))
                        attempt("recv again", lambda: self.request.recv(1))
                """)
            .java(
                plain(
                    h -> {
                      h.request.sendall("answer");
                      h.attempt("recv", () -> h.request.recv(1));
                      h.attempt("recv again", () -> h.request.recv(1));
                    }))
            .client(
                c -> {
                  c.connectUnnamed().read(1).close();
                  c.await("close_request");
                }),
        tcp("sending on to a client that has closed ends in a broken pipe")
            .only(Family.UNIX)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say(self.request.recv(1))
                        deadline = time.monotonic() + 10
                        try:
                            while time.monotonic() < deadline:
                                self.request.sendall(b'x')
                        except OSError as error:
                            say(name(error))
                """)
            .java(
                plain(
                    h -> {
                      h.say(h.request.recv(1));
                      long begin = System.nanoTime();
                      try {
                        while (System.nanoTime() - begin < BOUND_NANOS) {
                          h.request.sendall("x");
                        }
                      } catch (IOException e) {
                        h.say(PythonNames.of(e));
                      }
                    }))
            .client(
                c -> {
                  c.connectUnnamed().close();
                  c.await("close_request");
                }),
        tcp("handle_error prints the client's path")
            .only(Family.UNIX)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        raise ValueError('of the handler')
                class Server(TCPServer):
                    def handle_error(self, request, client_address):
                        report = io.StringIO()
                        with contextlib.redirect_stderr(report):
                            socketserver.TCPServer.handle_error(self, request, client_address)
                        say(report.getvalue().splitlines()[1].replace(client_address, "PATH"))
                """)
            .java(
                plain(
                    h -> {
                      throw new IllegalArgumentException("of the handler");
                    }))
            .javaServer(PrintingServer::new)
            .client(c -> c.connect().readToEnd()),
        tcp("handle_error prints nothing for an unnamed client")
            .only(Family.UNIX)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        raise ValueError('of the handler')
                class Server(TCPServer):
                    def handle_error(self, request, client_address):
                        report = io.StringIO()
                        with contextlib.redirect_stderr(report):
                            socketserver.TCPServer.handle_error(self, request, client_address)
                        say(report.getvalue().splitlines()[1])
                """)
            .java(
                plain(
                    h -> {
                      throw new IllegalArgumentException("of the handler");
                    }))
            .javaServer(PrintingServer::new)
            .client(c -> c.connectUnnamed().readToEnd()));
  }

  private static Path path(TCPServer server) {
    return Path.of(((UnixAddress) server.serverAddress()).path());
  }

  private static UnixStreamServer another(Path path, boolean reusing) throws IOException {
    return new UnixStreamServer(
        path, () -> plain((PlainHandling<StreamSocket> h) -> {}).newHandler()) {
      @Override
      public boolean allowReuseAddress() {
        return reusing;
      }
    };
  }

  private static String refused(String path) {
    try (var server = another(Path.of(path), false)) {
      return "bound to " + server.serverAddress();
    } catch (IOException e) {
      return "refused";
    }
  }

  /** Binds in its own constructor. */
  private static final class LateServer extends TracedUnixStreamServer {
    LateServer(Run run, HandlerFactory<StreamSocket> handler) throws IOException {
      super(run, handler, false);
      say(Files.exists(path(this)));
      serverBind();
      say(Files.exists(path(this)));
      serverActivate();
    }
  }

  /** Says who its handleError prints that the client is. */
  private static final class PrintingServer extends TracedUnixStreamServer {
    PrintingServer(Run run, HandlerFactory<StreamSocket> handler) throws IOException {
      super(run, handler);
    }

    @Override
    public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
      super.handleError(request, client, error);
      String text = Printed.by(this, request, client, error);
      String path = ((UnixAddress) client).path();
      String line = text.lines().toList().get(1);
      say(path.isEmpty() ? line : line.replace(path, "PATH"));
    }
  }
}
