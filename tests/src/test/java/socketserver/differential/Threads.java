package socketserver.differential;

import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.threadingTcp;
import static socketserver.differential.StreamHandling.stream;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import socketserver.HandlerFactory;
import socketserver.SocketWriter;
import socketserver.StreamSocket;
import socketserver.ThreadingMixIn;

/** ThreadingMixIn: requests at the same time, and what server_close waits for. */
final class Threads {
  private Threads() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        threadingTcp("two requests run at the same time")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'connected\\n')
                        self.wfile.write(b're: ' + self.rfile.readline())
                """)
            .java(
                stream(
                    h -> {
                      h.wfile.write("connected\n");
                      byte[] line = h.rfile.readline();
                      h.wfile.write("re: ");
                      h.wfile.write(line);
                    }))
            .client(
                c -> {
                  StreamPeer first = c.connect().readLine();
                  StreamPeer second = c.connect().readLine();
                  second.send("second\n").readToEnd();
                  first.send("first\n").readToEnd();
                }),
        threadingTcp("a request runs in a thread that is named after what it does, and is no daemon")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        thread = threading.current_thread()
                        say(thread.name.endswith(" (process_request_thread)"), thread.daemon)
                """)
            .java(
                plain(
                    h -> {
                      Thread thread = Thread.currentThread();
                      h.say(
                          thread.getName().endsWith(" (process_request_thread)"),
                          thread.isDaemon());
                    }))
            .client(c -> c.connect().readToEnd()),
        threadingTcp("daemon_threads makes the threads daemons")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say(threading.current_thread().daemon)
                class Server(ThreadingTCPServer):
                    daemon_threads = True
                """)
            .java(plain(h -> h.say(Thread.currentThread().isDaemon())))
            .javaServer((run, handler) -> daemons(new TracedThreadingTCPServer(run, handler)))
            .client(c -> c.connect().readToEnd()),
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
            Threads::daemons,
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
                }),
        threadingTcp("a handler shuts its server down, and still answers")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.server.shutdown()
                        self.request.sendall(b'the last one')
                """)
            .java(
                plain(
                    h -> {
                      h.server.shutdown();
                      h.request.sendall("the last one");
                    }))
            .client(c -> c.connect().readToEnd()),
        threadingTcp("a request outlives the shutdown of its server")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'working, ')
                        gate("go on")
                        self.wfile.write(b'done')
                def main(server):
                    serving = threading.Thread(target=server.serve_forever)
                    serving.start()
                    gate("handler runs")
                    server.shutdown()
                    serving.join()
                    say("shut down")
                """)
            .java(
                stream(
                    h -> {
                      h.wfile.write("working, ");
                      h.gate("go on");
                      h.wfile.write("done");
                    }))
            .javaMain(
                (server, run) -> {
                  Serving.inThread(server, () -> run.gate("handler runs"));
                  run.say("shut down");
                })
            .client(
                c -> {
                  StreamPeer peer = c.connect().read(9);
                  c.open("handler runs");
                  c.await("shut down");
                  c.open("go on");
                  peer.readToEnd();
                }),
        threadingTcp("a handler writes to another handler's client")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        name = self.rfile.readline().strip()
                        self.server.files[name] = self.wfile
                        self.wfile.write(b'welcome\\n')
                        for line in self.rfile:
                            to, text = line.split(b' ', 1)
                            self.server.files[to].write(name + b': ' + text)
                class Server(ThreadingTCPServer):
                    files = {}
                """)
            .java(
                stream(
                    h -> {
                      var files = h.server(ChatServer.class).files;
                      String name = new String(h.rfile.readline()).strip();
                      files.put(name, h.wfile);
                      h.wfile.write("welcome\n");
                      for (byte[] line : h.rfile) {
                        String[] words = new String(line).split(" ", 2);
                        files.get(words[0]).write(name + ": " + words[1]);
                      }
                    }))
            .javaServer(ChatServer::new)
            .client(
                c -> {
                  StreamPeer ann = c.connect().send("ann\n").readLine();
                  StreamPeer bob = c.connect().send("bob\n").readLine();
                  ann.send("bob hello\n");
                  bob.readLine().send("ann hello yourself\n");
                  ann.readLine();
                  ann.shutdownWrite().readToEnd();
                  bob.shutdownWrite().readToEnd();
                }),
        threadingTcp("process_request_thread may be run by threads of one's own")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say(threading.current_thread().name)
                        raise ValueError('handled there too')
                class Server(ThreadingTCPServer):
                    def process_request(self, request, client_address):
                        threading.Thread(
                            target=self.process_request_thread, name="my own",
                            args=(request, client_address)).start()
                """)
            .java(
                plain(
                    h -> {
                      h.say(Thread.currentThread().getName());
                      throw new IllegalArgumentException("handled there too");
                    }))
            .javaServer(
                (run, handler) ->
                    new TracedThreadingTCPServer(run, handler) {
                      @Override
                      public void processRequest(StreamSocket request, SocketAddress client) {
                        say("process_request");
                        new Thread(() -> processRequestThread(request, client), "my own").start();
                      }
                    })
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.await("close_request");
                }),
        threadingTcp("ten clients are served in ten threads")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        for line in self.rfile:
                            self.wfile.write(line.upper())
                """)
            .java(
                stream(
                    h -> {
                      for (byte[] line : h.rfile) {
                        h.wfile.write(new String(line).toUpperCase(java.util.Locale.ROOT));
                      }
                    }))
            .client(
                c -> {
                  StreamPeer[] peers = new StreamPeer[10];
                  for (int n = 0; n < peers.length; n++) {
                    peers[n] = c.connect().send("first of " + n + "\n");
                  }
                  for (int n = peers.length - 1; n >= 0; n--) {
                    peers[n].readLine().send("last of " + n + "\n").shutdownWrite().readToEnd();
                  }
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

  /** Knows everybody's wfile by name. */
  private static final class ChatServer extends TracedThreadingTCPServer {
    private final java.util.Map<String, SocketWriter> files =
        new java.util.concurrent.ConcurrentHashMap<>();

    ChatServer(Run run, HandlerFactory<StreamSocket> handler) throws IOException {
      super(run, handler);
    }
  }
}
