package socketserver.differential;

import static socketserver.SocketConstants.SOL_SOCKET;
import static socketserver.SocketConstants.SO_REUSEADDR;
import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.tcp;
import static socketserver.differential.StreamHandling.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import socketserver.BaseServer;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;

/** The life of a server: constructing, serve_forever, handle_request, shutdown, server_close. */
final class Serving {
  static final Duration POLL_INTERVAL = Duration.ofMillis(10);

  private Serving() {}

  /** Serves in a thread of its own while something is done, then shuts down and waits for it. */
  static void inThread(BaseServer<?> server, Speaker.VoidAction meanwhile) throws Exception {
    Thread serving = new Thread(() -> server.serveForever(POLL_INTERVAL), "differential-serving");
    serving.start();
    meanwhile.run();
    server.shutdown();
    serving.join();
  }

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("handle_request handles one request and returns")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.sendall(b'one')
                def main(server):
                    server.handle_request()
                    say("returned")
                    server.handle_request()
                    say("returned again")
                """)
            .java(plain(h -> h.request.sendall("one")))
            .javaMain(
                (server, run) -> {
                  server.handleRequest();
                  run.say("returned");
                  server.handleRequest();
                  run.say("returned again");
                })
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.await("returned");
                  c.connect().readToEnd();
                }),
        tcp("handle_request handles a client that came and left before")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say(self.request.recv(10))
                        say(self.request.recv(10))
                def main(server):
                    gate("client has gone")
                    server.handle_request()
                    say("returned")
                """)
            .java(
                plain(
                    h -> {
                      h.say(h.request.recv(10));
                      h.say(h.request.recv(10));
                    }))
            .javaMain(
                (server, run) -> {
                  run.gate("client has gone");
                  server.handleRequest();
                  run.say("returned");
                })
            .client(
                c -> {
                  c.connect().send("bye").close();
                  c.open("client has gone");
                }),
        tcp("handle_request calls handle_timeout when the time is over, each time")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    server.timeout = 0.03
                    server.handle_request()
                    say("returned")
                    server.timeout = 0
                    server.handle_request()
                    say("returned again")
                    server.timeout = 30
                    say("waiting")
                    server.handle_request()
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  server.timeout(Duration.ofMillis(30));
                  server.handleRequest();
                  run.say("returned");
                  server.timeout(Duration.ZERO);
                  server.handleRequest();
                  run.say("returned again");
                  server.timeout(Duration.ofSeconds(30));
                  run.say("waiting");
                  server.handleRequest();
                })
            .client(
                c -> {
                  c.await("waiting");
                  c.connect().readToEndTimed(Duration.ofSeconds(30));
                }),
        tcp("handle_request waits for the shorter of the server's and the socket's time-out")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    server.timeout = 30
                    server.socket.settimeout(0.02)
                    server.handle_request()
                    server.timeout = 0.02
                    server.socket.settimeout(30)
                    server.handle_request()
                    server.timeout = None
                    server.socket.settimeout(0.02)
                    server.handle_request()
                    say("returned three times")
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  server.timeout(Duration.ofSeconds(30));
                  server.socket().settimeout(Duration.ofMillis(20));
                  server.handleRequest();
                  server.timeout(Duration.ofMillis(20));
                  server.socket().settimeout(Duration.ofSeconds(30));
                  server.handleRequest();
                  server.timeout(null);
                  server.socket().settimeout(Duration.ofMillis(20));
                  server.handleRequest();
                  run.say("returned three times");
                })
            .client(c -> c.await("returned three times")),
        tcp("serve_forever takes no notice of timeout")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                class Server(TCPServer):
                    timeout = 0.001
                    turns = 0
                    def service_actions(self):
                        self.turns += 1
                        if self.turns == 5:
                            say("five idle turns")
                """)
            .java(plain(h -> {}))
            .javaServer(CountingServer::new)
            .client(c -> c.await("five idle turns")),
        tcp("serve_forever can be run again after it has been shut down")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.sendall(b'served')
                def main(server):
                    for gate_name in ("first is served", "second is served"):
                        serving = threading.Thread(target=server.serve_forever)
                        serving.start()
                        gate(gate_name)
                        server.shutdown()
                        serving.join()
                        say("ended")
                """)
            .java(plain(h -> h.request.sendall("served")))
            .javaMain(
                (server, run) -> {
                  for (String gate : new String[] {"first is served", "second is served"}) {
                    inThread(server, () -> run.gate(gate));
                    run.say("ended");
                  }
                })
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.open("first is served");
                  c.await("ended");
                  StreamPeer waiting = c.connect();
                  waiting.readToEnd();
                  c.open("second is served");
                }),
        tcp("shutdown after the end returns at once, and the next serve_forever does too")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.sendall(b'served')
                def main(server):
                    serving = threading.Thread(target=server.serve_forever)
                    serving.start()
                    server.shutdown()
                    serving.join()
                    server.shutdown()
                    say("shut down again")
                    server.serve_forever()
                    say("served nobody")
                    serving = threading.Thread(target=server.serve_forever)
                    serving.start()
                    gate("client is served")
                    server.shutdown()
                    serving.join()
                """)
            .java(plain(h -> h.request.sendall("served")))
            .javaMain(
                (server, run) -> {
                  inThread(server, () -> {});
                  server.shutdown();
                  run.say("shut down again");
                  server.serveForever(POLL_INTERVAL);
                  run.say("served nobody");
                  inThread(server, () -> run.gate("client is served"));
                })
            .client(
                c -> {
                  c.await("served nobody");
                  c.connect().readToEnd();
                  c.open("client is served");
                }),
        tcp("shutdown does not end a request, and waits for it where it runs in the loop")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'working')
                        gate("go on")
                        self.wfile.write(b', done')
                def main(server):
                    serving = threading.Thread(target=server.serve_forever)
                    serving.start()
                    gate("client is connected")
                    say("shutting down")
                    server.shutdown()
                    say("shut down")
                    serving.join()
                """)
            .java(
                stream(
                    h -> {
                      h.wfile.write("working");
                      h.gate("go on");
                      h.wfile.write(", done");
                    }))
            .javaMain(
                (server, run) -> {
                  inThread(
                      server,
                      () -> {
                        run.gate("client is connected");
                        run.say("shutting down");
                      });
                  run.say("shut down");
                })
            .client(
                c -> {
                  StreamPeer peer = c.connect().read(7);
                  c.open("client is connected");
                  c.await("shutting down");
                  c.open("go on");
                  peer.readToEnd();
                }),
        tcp("a client that connects after shutdown waits until the server is closed")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    serving = threading.Thread(target=server.serve_forever)
                    serving.start()
                    gate("served")
                    server.shutdown()
                    serving.join()
                    say("shut down")
                    gate("client is waiting")
                    server.server_close()
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  inThread(server, () -> run.gate("served"));
                  run.say("shut down");
                  run.gate("client is waiting");
                  server.serverClose();
                })
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.open("served");
                  c.await("shut down");
                  StreamPeer peer = c.connect().readNothing();
                  c.open("client is waiting");
                  peer.readToEnd();
                }),
        tcp("server_close closes the socket, and may be called again")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    say(server.fileno() >= 0, server.socket.fileno() == server.fileno())
                    server.server_close()
                    say(server.fileno(), server.socket.fileno())
                    server.server_close()
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  run.say(server.fileno() >= 0, server.socket().fileno() == server.fileno());
                  server.serverClose();
                  run.say(server.fileno(), server.socket().fileno());
                  server.serverClose();
                })
            .client(c -> c.await("-1 -1")),
        tcp("a server that is used with with is closed at its end, also when that is an exception")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    with server:
                        say("inside")
                        raise ValueError('out of here')
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  try (server) {
                    run.say("inside");
                    throw new IllegalArgumentException("out of here");
                  }
                })
            .client(c -> c.await("main raised ValueError")),
        tcp("the server's address is the one it got, not the one it asked for")
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
        tcp("a second server on the same port is refused")
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
        tcp("an address is not reused unless the server allows it")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    say(server.allow_reuse_address, server.allow_reuse_port)
                    say(server.socket.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) != 0)
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  run.say(server.allowReuseAddress(), server.allowReusePort());
                  run.say(server.socket().getsockopt(SOL_SOCKET, SO_REUSEADDR) != 0);
                }),
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

  /** Counts its idle turns. */
  private static final class CountingServer extends TracedTCPServer {
    private int turns;

    CountingServer(Run run, HandlerFactory<StreamSocket> handler) throws IOException {
      super(run, handler);
    }

    @Override
    public Duration timeout() {
      return Duration.ofMillis(1);
    }

    @Override
    public void serviceActions() throws Exception {
      super.serviceActions();
      turns++;
      if (turns == 5) {
        say("five idle turns");
      }
    }
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
