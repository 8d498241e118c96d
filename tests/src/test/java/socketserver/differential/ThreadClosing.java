package socketserver.differential;

import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.threadingTcp;
import static socketserver.differential.StreamHandling.stream;

import java.io.IOException;
import java.util.List;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.ThreadingMixIn;

/** What server_close waits for. */
final class ThreadClosing {
  private ThreadClosing() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        closing(
            "server_close waits for the requests",
            "class Server(ThreadingTCPServer): pass",
            server -> {},
            true),
        closing(
            "server_close does not wait when block_on_close is off",
            "class Server(ThreadingTCPServer): block_on_close = False",
            server -> server.blockOnClose(false),
            false),
        closing(
            "server_close does not wait for daemons",
            "class Server(ThreadingTCPServer): daemon_threads = True",
            ThreadClosing::daemons,
            false),
        closing(
            "server_close waits for nothing when both are set",
            "class Server(ThreadingTCPServer): daemon_threads = True; block_on_close = False",
            server -> daemons(server).blockOnClose(false),
            false),
        threadingTcp("block_on_close is read when a request starts")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.server.block_on_close = False
                        self.wfile.write(b'working')
                        gate("go on")
                        self.server.done = True
                class Server(ThreadingTCPServer):
                    done = False
                def main(server):
                    server.handle_request()
                    gate("handler runs")
                    server.server_close()
                    say("closed", server.done)
                """)
            .java(
                stream(
                    h -> {
                      FinishingServer server = h.server(FinishingServer.class);
                      server.blockOnClose(false);
                      h.wfile.write("working");
                      h.gate("go on");
                      server.done = true;
                    }))
            .javaServer(FinishingServer::new)
            .javaMain(
                (server, run) -> {
                  server.handleRequest();
                  run.gate("handler runs");
                  server.serverClose();
                  run.say("closed", ((FinishingServer) server).done);
                })
            .client(
                c -> {
                  StreamPeer peer = c.connect().read(7);
                  c.open("handler runs");
                  c.await("server_close");
                  c.open("go on");
                  peer.readToEnd();
                }),
        threadingTcp("server_close with nothing ever served returns")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    server.server_close()
                    say("closed")
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  server.serverClose();
                  run.say("closed");
                })
            .client(c -> c.await("closed")),
        threadingTcp("server_close in a request that it would wait for is refused")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        attempt("server_close", self.server.server_close)
                        say(self.server.fileno())
                        self.request.sendall(b'still here')
                def main(server):
                    server.handle_request()
                    gate("answered")
                """)
            .java(
                plain(
                    h -> {
                      h.attempt("server_close", () -> h.server.serverClose());
                      h.say(h.server.fileno());
                      h.request.sendall("still here");
                    }))
            .javaMain(
                (server, run) -> {
                  server.handleRequest();
                  run.gate("answered");
                })
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.await("close_request");
                  c.open("answered");
                }));
  }

  /** A row of the matrix of daemon_threads and block_on_close. */
  private static Scenario<?, ?> closing(
      String name, String pythonServer, Attributes attributes, boolean waits) {
    String source =
        pythonServer
            + """

            Server.done = False
            class Handler(StreamRequestHandler):
                def handle(self):
                    self.wfile.write(b'working')
                    gate("go on")
                    self.server.done = True
            def main(server):
                server.handle_request()
                gate("handler runs")
                server.server_close()
                say("closed", server.done)
            """;
    return threadingTcp(name)
        .python(source)
        .java(
            stream(
                h -> {
                  h.wfile.write("working");
                  h.gate("go on");
                  h.server(FinishingServer.class).done = true;
                }))
        .javaServer(
            (run, handler) -> {
              FinishingServer server = new FinishingServer(run, handler);
              attributes.set(server);
              return server;
            })
        .javaMain(
            (server, run) -> {
              server.handleRequest();
              run.gate("handler runs");
              server.serverClose();
              run.say("closed", ((FinishingServer) server).done);
            })
        .client(
            c -> {
              StreamPeer peer = c.connect().read(7);
              c.open("handler runs");
              // the handler ends only when server_close has begun, or where it must not wait, ended
              c.await(waits ? "server_close" : "closed false");
              c.open("go on");
              peer.readToEnd();
              c.await("close_request");
            });
  }

  /** Sets attributes of a server. */
  private interface Attributes {
    void set(ThreadingMixIn server);
  }

  private static <S extends ThreadingMixIn> S daemons(S server) {
    server.daemonThreads(true);
    return server;
  }

  /** Knows whether its handler has finished. */
  private static final class FinishingServer extends TracedThreadingTCPServer {
    private volatile boolean done;

    FinishingServer(Run run, HandlerFactory<StreamSocket> handler) throws IOException {
      super(run, handler);
    }
  }
}
