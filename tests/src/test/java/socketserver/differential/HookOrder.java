package socketserver.differential;

import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.tcp;
import static socketserver.differential.Scenario.threadingTcp;
import static socketserver.differential.StreamHandling.stream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;

/** Which method is called when: requests that go well, that fail, that are turned away. */
final class HookOrder {
  private HookOrder() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        whole(tcp("a request from beginning to end")),
        whole(threadingTcp("a request from beginning to end, in a thread")),
        tcp("a handler that does nothing")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                """)
            .client(c -> c.connect().readToEnd()),
        tcp("requests one after the other, each done before the next")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        say(self.rfile.readline())
                        self.wfile.write(b'done')
                """)
            .java(
                stream(
                    h -> {
                      h.say(h.rfile.readline());
                      h.wfile.write("done");
                    }))
            .client(
                c -> {
                  StreamPeer first = c.connect();
                  c.await("handle");
                  StreamPeer second = c.connect().send("second\n");
                  StreamPeer third = c.connect().send("third\n");
                  first.send("first\n").readToEnd();
                  second.readToEnd();
                  third.readToEnd();
                }),
        failing(tcp("handle fails: finish, then handle_error, then shutdown_request")),
        failing(threadingTcp("handle fails in its thread")),
        tcp("setup fails: neither handle nor finish is called")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def setup(self):
                        super().setup()
                        self.wfile.write(b'almost')
                        raise OSError('no')
                """)
            .java(
                stream(h -> {})
                    .setup(
                        h -> {
                          h.superSetup();
                          h.wfile.write("almost");
                          throw new IOException("no");
                        }))
            .client(c -> c.connect().readToEnd()),
        tcp("finish fails")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def finish(self):
                        super().finish()
                        raise ValueError('no')
                """)
            .java(
                stream(h -> {})
                    .finish(
                        h -> {
                          h.superFinish();
                          throw new IllegalArgumentException("no");
                        }))
            .client(c -> c.connect().readToEnd()),
        tcp("handle and finish fail")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        raise ValueError('of handle')
                    def finish(self):
                        super().finish()
                        raise OSError('of finish')
                """)
            .java(
                stream(
                        h -> {
                          throw new IllegalArgumentException("of handle");
                        })
                    .finish(
                        h -> {
                          h.superFinish();
                          throw new IOException("of finish");
                        }))
            .client(c -> c.connect().readToEnd())
            .differs(
                "the error of finish is suppressed in that of handle; Python handles that of"
                    + " finish, with the other as its context",
                "for client 1: handle_error OSError",
                "for client 1: handle_error ValueError"),
        tcp("handle_error prints a rule, who the client is, the error, and a rule")
            .only(Family.INET)
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
                        lines = report.getvalue().splitlines()
                        say(lines[0])
                        say(lines[1].replace(str(client_address[1]), "PORT"))
                        say("of the handler" in report.getvalue())
                        say(lines[-1])
                """)
            .java(
                plain(
                    h -> {
                      throw new IllegalArgumentException("of the handler");
                    }))
            .javaServer(PrintingServer::new)
            .client(c -> c.connect().readToEnd()),
        tcp("a request that verify_request refuses is shut down unseen")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'welcome')
                class Server(TCPServer):
                    seen = 0
                    def verify_request(self, request, client_address):
                        self.seen += 1
                        return self.seen > 1
                """)
            .java(stream(h -> h.wfile.write("welcome")))
            .javaServer(RefusingServer::new)
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.connect().readToEnd();
                }),
        threadingTcp("a request that verify_request refuses gets no thread")
            .python(
                """
                class Handler(StreamRequestHandler):
                    pass
                class Server(ThreadingTCPServer):
                    def verify_request(self, request, client_address):
                        return False
                """)
            .java(stream(h -> {}))
            .javaServer(
                (run, handler) ->
                    new TracedThreadingTCPServer(run, handler) {
                      @Override
                      public boolean verifyRequest(StreamSocket request, SocketAddress client)
                          throws Exception {
                        super.verifyRequest(request, client);
                        return false;
                      }
                    })
            .client(c -> c.connect().readToEnd()),
        tcp("get_request may prepare the connection and give another address")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say(self.client_address[0], self.request.gettimeout())
                class Server(TCPServer):
                    def get_request(self):
                        request, client_address = super().get_request()
                        request.settimeout(7)
                        return request, ('192.0.2.1', client_address[1])
                """)
            .java(plain(h -> h.say(h.clientHost(), h.request.gettimeout())))
            .javaServer(
                (run, handler) ->
                    new TracedTCPServer(run, handler) {
                      @Override
                      public socketserver.Accepted<StreamSocket> takeRequest() throws IOException {
                        var accepted = super.takeRequest();
                        accepted.request().settimeout(java.time.Duration.ofSeconds(7));
                        int port = ((InetSocketAddress) accepted.clientAddress()).getPort();
                        return new socketserver.Accepted<>(
                            accepted.request(), new InetSocketAddress("192.0.2.1", port));
                      }
                    })
            .client(c -> c.connect().readToEnd()),
        tcp("process_request overridden takes the request over; nobody else ends it")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'hello')
                class Server(TCPServer):
                    def process_request(self, request, client_address):
                        self.finish_request(request, client_address)
                        say("finished")
                        gate("client has looked")
                        self.shutdown_request(request)
                """)
            .java(stream(h -> h.wfile.write("hello")))
            .javaServer(
                (run, handler) ->
                    new TracedTCPServer(run, handler) {
                      @Override
                      public void processRequest(StreamSocket request, SocketAddress client)
                          throws Exception {
                        say("process_request");
                        finishRequest(request, client);
                        say("finished");
                        gate("client has looked");
                        shutdownRequest(request);
                      }
                    })
            .client(
                c -> {
                  StreamPeer peer = c.connect().read(5);
                  c.await("finished");
                  peer.readNothing();
                  c.open("client has looked");
                  peer.readToEnd();
                }),
        tcp("service_actions is called after a request")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.server.handled = True
                class Server(TCPServer):
                    handled = False
                    def service_actions(self):
                        if self.handled:
                            self.handled = False
                            say("service_actions after a request")
                """)
            .java(plain(h -> h.server(ServicingServer.class).handled = true))
            .javaServer(ServicingServer::new)
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.await("service_actions after a request");
                  c.connect().readToEnd();
                  c.await("service_actions after a request", 2);
                }));
  }

  /** A request from beginning to end, whatever it runs in. */
  static Scenario<StreamSocket, TCPServer> whole(Scenario<StreamSocket, TCPServer> scenario) {
    return scenario
        .python(
            """
            class Handler(StreamRequestHandler):
                def handle(self):
                    self.wfile.write(self.rfile.readline())
            """)
        .java(stream(h -> h.wfile.write(h.rfile.readline())))
        .client(c -> c.connect().send("hello\n").readToEnd());
  }

  /** Two requests that fail, whatever they run in. */
  private static Scenario<StreamSocket, TCPServer> failing(
      Scenario<StreamSocket, TCPServer> scenario) {
    return scenario
        .python(
            """
            class Handler(StreamRequestHandler):
                def handle(self):
                    self.wfile.write(b'almost')
                    raise ValueError('no')
            """)
        .java(
            stream(
                h -> {
                  h.wfile.write("almost");
                  throw new IllegalArgumentException("no");
                }))
        .client(
            c -> {
              c.connect().readToEnd();
              c.connect().readToEnd();
            });
  }

  /** Says what its handleError prints. */
  private static final class PrintingServer extends TracedTCPServer {
    PrintingServer(Run run, HandlerFactory<StreamSocket> handler) throws IOException {
      super(run, handler);
    }

    @Override
    public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
      super.handleError(request, client, error);
      String text = Printed.by(this, request, client, error);
      List<String> lines = text.lines().toList();
      String port = String.valueOf(((InetSocketAddress) client).getPort());
      say(lines.get(0));
      say(lines.get(1).replace(port, "PORT"));
      say(text.contains("of the handler"));
      say(lines.get(lines.size() - 1));
    }
  }

  /** Refuses its first request. */
  private static final class RefusingServer extends TracedTCPServer {
    private int seen;

    RefusingServer(Run run, HandlerFactory<StreamSocket> handler) throws IOException {
      super(run, handler);
    }

    @Override
    public boolean verifyRequest(StreamSocket request, SocketAddress client) throws Exception {
      super.verifyRequest(request, client);
      seen++;
      return seen > 1;
    }
  }

  /** Says when it is serviced after a request. */
  private static final class ServicingServer extends TracedTCPServer {
    /** Used by the serving thread alone. */
    private boolean handled;

    ServicingServer(Run run, HandlerFactory<StreamSocket> handler) throws IOException {
      super(run, handler);
    }

    @Override
    public void serviceActions() throws Exception {
      super.serviceActions();
      if (handled) {
        handled = false;
        say("service_actions after a request");
      }
    }
  }
}
