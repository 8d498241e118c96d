package socketserver.differential;

import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.tcp;
import static socketserver.differential.StreamHandling.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import socketserver.BaseServer;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;

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
        tcp("server_close while another thread serves")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                class Server(TCPServer):
                    failed = 0
                    def get_request(self):
                        try:
                            return super().get_request()
                        except OSError:
                            self.failed += 1
                            if self.failed == 3:
                                raise ValueError('it would go on for ever')
                            raise
                def main(server):
                    serving = threading.Thread(target=server.serve_forever)
                    serving.start()
                    gate("served")
                    server.server_close()
                    serving.join()
                    say("ended")
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  Thread serving = new Thread(() -> server.serveForever(POLL_INTERVAL));
                  serving.start();
                  run.gate("served");
                  server.serverClose();
                  serving.join();
                  run.say("ended");
                })
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.await("close_request");
                  c.open("served");
                })
            .differs(
                "serverClose() while serving ends the loop; Python's spins, and takes the closed"
                    + " socket for a ready one",
                """
                server: get_request raised OSError
                server: get_request raised OSError
                server: get_request raised ValueError
                """,
                ""),
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
            .client(c -> c.await("main raised ValueError")));
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
}
