package socketserver.differential;

import static socketserver.differential.DatagramHandling.datagram;
import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.forkingTcp;
import static socketserver.differential.Scenario.forkingUdp;
import static socketserver.differential.StreamHandling.stream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import socketserver.Accepted;
import socketserver.ForkingMixIn;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;

/** ForkingMixIn with a process for each request: what is shared, and what the parent knows. */
final class Processes {
  /** Loaded anew by each process. */
  private static final AtomicInteger CALLS = new AtomicInteger();

  private Processes() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        HookOrder.whole(forkingTcp("a request from beginning to end, in a process")),
        forkingUdp("a datagram from beginning to end, in a process")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        self.wfile.write(self.rfile.readline())
                """)
            .java(datagram(h -> h.wfile.write(h.rfile.readline())))
            .client(c -> c.datagrams().send("hello\n").receive()),
        forkingTcp("each request has a process of its own, whose parent is the server's")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say(os.getpid() != self.server.pid, os.getppid() == self.server.pid)
                        self.request.sendall(b'done')
                class Server(TCPServer):
                    pid = os.getpid()
                """)
            .java(
                plain(
                    h -> {
                      ProcessHandle process = ProcessHandle.current();
                      long server = h.server(OfAProcess.class).pid;
                      h.say(
                          process.pid() != server,
                          process.parent().map(ProcessHandle::pid).orElse(0L) == server);
                      h.request.sendall("done");
                    }))
            .javaServer(OfAProcess::new)
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.connect().readToEnd();
                }),
        forkingTcp("a child has what the server had at that moment, and its changes stay with it")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    calls = 0
                    def handle(self):
                        Handler.calls += 1
                        self.server.count += 1
                        say(self.server.greeting, self.server.count, Handler.calls)
                        self.request.sendall(b'done')
                class Server(TCPServer):
                    count = 0
                    greeting = None
                def main(server):
                    server.greeting = 'hello'
                    server.handle_request()
                    gate("first is done")
                    say(server.count, Handler.calls)
                    server.count = 10
                    server.greeting = 'hello again'
                    server.handle_request()
                    gate("second is done")
                    say(server.count, Handler.calls)
                """)
            .java(
                plain(
                    h -> {
                      Counting server = h.server(Counting.class);
                      server.count++;
                      h.say(server.greeting, server.count, CALLS.incrementAndGet());
                      h.request.sendall("done");
                    }))
            .javaServer(Counting::new)
            .javaMain(
                (server, run) -> {
                  Counting counting = (Counting) server;
                  counting.greeting = "hello";
                  server.handleRequest();
                  run.gate("first is done");
                  run.say(counting.count, CALLS.get());
                  counting.count = 10;
                  counting.greeting = "hello again";
                  server.handleRequest();
                  run.gate("second is done");
                  run.say(counting.count, CALLS.get());
                })
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.open("first is done");
                  c.connect().readToEnd();
                  c.open("second is done");
                }),
        forkingTcp("the attributes of a forking server")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    say(float(server.timeout), server.max_children, server.block_on_close)
                    say(len(server.active_children or ()))
                    server.collect_children()
                    server.collect_children(blocking=True)
                    say(len(server.active_children or ()))
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  ForkingMixIn forking = (ForkingMixIn) server;
                  run.say(server.timeout(), forking.maxChildren(), forking.blockOnClose());
                  run.say(forking.activeChildren().size());
                  forking.collectChildren();
                  forking.collectChildren(true);
                  run.say(forking.activeChildren().size());
                }),
        forkingTcp("a child's server has the attributes that were set in the parent")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say(float(self.server.timeout), self.server.max_children)
                        say(self.server.block_on_close)
                        say(self.server.server_address == self.request.getsockname())
                        say(self.client_address == self.request.getpeername())
                def main(server):
                    server.timeout = 7
                    server.max_children = 3
                    server.block_on_close = True
                    server.handle_request()
                """)
            .java(
                plain(
                    h -> {
                      ForkingMixIn forking = h.server(ForkingMixIn.class);
                      h.say(h.server.timeout(), forking.maxChildren());
                      h.say(forking.blockOnClose());
                      h.say(h.server.serverAddress().equals(h.request.getsockname()));
                      h.say(h.clientAddress.equals(h.request.getpeername()));
                    }))
            .javaMain(
                (server, run) -> {
                  server.timeout(Duration.ofSeconds(7));
                  ((ForkingMixIn) server).maxChildren(3);
                  ((ForkingMixIn) server).blockOnClose(true);
                  server.handleRequest();
                })
            .client(c -> c.connect().readToEnd()),
        forkingTcp("the child does not listen")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say("listens:", self.server.fileno() >= 0)
                        self.request.sendall(b'done')
                """)
            .java(
                plain(
                    h -> {
                      h.say("listens:", h.server.fileno() >= 0);
                      h.request.sendall("done");
                    }))
            .client(c -> c.connect().readToEnd())
            .differs(
                "the server does not listen in a child; Python's child keeps the descriptor",
                "for client 1: listens: true",
                "for client 1: listens: false"),
        forkingTcp("active_children counts the requests that run, until they are collected")
            .only(Family.INET)
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'in\\n')
                        self.rfile.readline()
                def main(server):
                    say(len(server.active_children or ()))
                    server.handle_request()
                    gate("first is in")
                    say(len(server.active_children))
                    server.handle_request()
                    gate("second is in")
                    say(len(server.active_children))
                    server.collect_children()
                    say(len(server.active_children))
                    gate("both may go")
                    server.collect_children(blocking=True)
                    say(len(server.active_children))
                    server.server_close()
                    say(len(server.active_children))
                """)
            .java(
                stream(
                    h -> {
                      h.wfile.write("in\n");
                      h.rfile.readline();
                    }))
            .javaMain(
                (server, run) -> {
                  ForkingMixIn forking = (ForkingMixIn) server;
                  run.say(forking.activeChildren().size());
                  server.handleRequest();
                  run.gate("first is in");
                  run.say(forking.activeChildren().size());
                  server.handleRequest();
                  run.gate("second is in");
                  run.say(forking.activeChildren().size());
                  forking.collectChildren();
                  run.say(forking.activeChildren().size());
                  run.gate("both may go");
                  forking.collectChildren(true);
                  run.say(forking.activeChildren().size());
                  server.serverClose();
                  run.say(forking.activeChildren().size());
                })
            .client(
                c -> {
                  StreamPeer first = c.connect().readLine();
                  c.open("first is in");
                  StreamPeer second = c.connect().readLine();
                  c.open("second is in").await("2", 2);
                  first.send("go\n").readToEnd();
                  second.send("go\n").readToEnd();
                  c.open("both may go");
                }),
        forkingTcp("service_actions collects the requests that have ended")
            .only(Family.INET)
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'in\\n')
                        self.rfile.readline()
                def main(server):
                    server.handle_request()
                    gate("handler runs")
                    server.service_actions()
                    say(len(server.active_children))
                    gate("handler has ended")
                    while server.active_children:
                        server.service_actions()
                    say("collected")
                """)
            .java(
                stream(
                    h -> {
                      h.wfile.write("in\n");
                      h.rfile.readline();
                    }))
            .javaMain(
                (server, run) -> {
                  ForkingMixIn forking = (ForkingMixIn) server;
                  server.handleRequest();
                  run.gate("handler runs");
                  server.serviceActions();
                  run.say(forking.activeChildren().size());
                  run.gate("handler has ended");
                  while (!forking.activeChildren().isEmpty()) {
                    server.serviceActions();
                  }
                  run.say("collected");
                })
            .client(
                c -> {
                  StreamPeer peer = c.connect().readLine();
                  c.open("handler runs").await("1");
                  peer.send("go\n").readToEnd();
                  c.open("handler has ended");
                }),
        forkingTcp("max_children requests run under serve_forever, and the next one waits")
            .only(Family.INET)
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'in\\n')
                        self.wfile.write(b're: ' + self.rfile.readline())
                class Server(TCPServer):
                    max_children = 2
                """)
            .java(
                stream(
                    h -> {
                      h.wfile.write("in\n");
                      byte[] line = h.rfile.readline();
                      h.wfile.write("re: ");
                      h.wfile.write(line);
                    }))
            .javaServer(
                (run, handler) -> {
                  var server = new TracedForkingTCPServer(run, handler);
                  server.maxChildren(2);
                  return server;
                })
            .client(
                c -> {
                  StreamPeer first = c.connect().readLine();
                  StreamPeer second = c.connect().readLine();
                  StreamPeer third = c.connect().readNothing();
                  second.send("second\n").readToEnd();
                  third.readLine();
                  third.send("third\n").readToEnd();
                  first.send("first\n").readToEnd();
                }),
        closing(
            "server_close waits for the processes",
            "class Server(TCPServer): pass",
            server -> {},
            true),
        closing(
                "server_close does not wait for the processes when block_on_close is off",
                "class Server(TCPServer): block_on_close = False",
                server -> server.blockOnClose(false),
                false)
            .only(Family.INET),
        forkingUdp("server_close waits for the processes, whose copies of the socket still answer")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        gate("go on")
                        self.request[1].sendto(b'done', self.client_address)
                def main(server):
                    server.handle_request()
                    gate("handler runs")
                    server.server_close()
                    say("closed")
                """)
            .java(
                plain(
                    h -> {
                      h.gate("go on");
                      h.request.socket().sendto(Shown.latin1("done"), h.clientAddress);
                    }))
            .javaMain(
                (server, run) -> {
                  server.handleRequest();
                  run.gate("handler runs");
                  server.serverClose();
                  run.say("closed");
                })
            .client(
                c -> {
                  DatagramPeer peer = c.datagrams().send("one");
                  c.await("handle").open("handler runs");
                  c.await("server_close").open("go on");
                  peer.receive();
                }),
        forkingUdp("an exception of a handler of datagrams ends its process alone")
            .only(Family.INET)
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        self.wfile.write(b're: ' + self.packet)
                        if self.packet == b'one':
                            raise ValueError('no')
                """)
            .java(
                datagram(
                    h -> {
                      h.wfile.write("re: ");
                      h.wfile.write(h.packet);
                      if (new String(h.packet).equals("one")) {
                        throw new IllegalArgumentException("no");
                      }
                    }))
            .client(c -> c.datagrams().send("one").receive().send("two").receive()),
        forkingTcp("server_close in a child leaves the parent's server alone")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        attempt("server_close", self.server.server_close)
                        self.request.sendall(b'still here')
                """)
            .java(
                plain(
                    h -> {
                      h.attempt("server_close", () -> h.server.serverClose());
                      h.request.sendall("still here");
                    }))
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.connect().readToEnd();
                }),
        forkingTcp("a request that verify_request refuses gets no process")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                class Server(TCPServer):
                    def verify_request(self, request, client_address):
                        return False
                """)
            .java(plain(h -> {}))
            .javaServer(
                (run, handler) ->
                    new TracedForkingTCPServer(run, handler) {
                      @Override
                      public boolean verifyRequest(StreamSocket request, SocketAddress client)
                          throws Exception {
                        super.verifyRequest(request, client);
                        return false;
                      }
                    })
            .client(c -> c.connect().readToEnd()),
        forkingTcp("an exception of process_request is handled in the parent")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                class Server(TCPServer):
                    def process_request(self, request, client_address):
                        raise ValueError('not now')
                """)
            .java(plain(h -> {}))
            .javaServer(
                (run, handler) ->
                    new TracedForkingTCPServer(run, handler) {
                      @Override
                      public void processRequest(StreamSocket request, SocketAddress client) {
                        say("process_request");
                        throw new IllegalArgumentException("not now");
                      }
                    })
            .client(c -> c.connect().readToEnd()),
        forkingTcp("process_request overridden handles a request without a process")
            .only(Family.INET)
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'hello')
                class Server(TCPServer):
                    def process_request(self, request, client_address):
                        self.finish_request(request, client_address)
                        self.shutdown_request(request)
                """)
            .java(stream(h -> h.wfile.write("hello")))
            .javaServer(
                (run, handler) ->
                    new TracedForkingTCPServer(run, handler) {
                      @Override
                      public void processRequest(StreamSocket request, SocketAddress client)
                          throws Exception {
                        say("process_request");
                        finishRequest(request, client);
                        shutdownRequest(request);
                      }
                    })
            .client(c -> c.connect().readToEnd()),
        forkingTcp("what get_request gives crosses to the process: a time-out, another address")
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
                    new TracedForkingTCPServer(run, handler) {
                      @Override
                      public Accepted<StreamSocket> takeRequest() throws IOException {
                        var accepted = super.takeRequest();
                        accepted.request().settimeout(Duration.ofSeconds(7));
                        int port = ((InetSocketAddress) accepted.clientAddress()).getPort();
                        return new Accepted<>(
                            accepted.request(), new InetSocketAddress("192.0.2.1", port));
                      }
                    })
            .client(c -> c.connect().readToEnd()));
  }

  /** What server_close waits for: a handler that is in the middle of its work. */
  private static Scenario<?, ?> closing(
      String name, String pythonServer, Attributes attributes, boolean waits) {
    return forkingTcp(name)
        .python(
            pythonServer
                + """

                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'working')
                        gate("go on")
                        self.wfile.write(b', done')
                def main(server):
                    server.handle_request()
                    gate("handler runs")
                    server.server_close()
                    say("closed")
                """)
        .java(
            stream(
                h -> {
                  h.wfile.write("working");
                  h.gate("go on");
                  h.wfile.write(", done");
                }))
        .javaServer(
            (run, handler) -> {
              var server = new TracedForkingTCPServer(run, handler);
              attributes.set(server);
              return server;
            })
        .javaMain(
            (server, run) -> {
              server.handleRequest();
              run.gate("handler runs");
              server.serverClose();
              run.say("closed");
            })
        .client(
            c -> {
              StreamPeer peer = c.connect().read(7);
              c.open("handler runs");
              // the handler ends only when server_close has begun, or where it must not wait, ended
              c.await(waits ? "server_close" : "closed");
              c.open("go on");
              peer.readToEnd();
              c.await("close_request", 2);
            });
  }

  /** Sets attributes of a server. */
  private interface Attributes {
    void set(ForkingMixIn server);
  }

  /** Knows in which process it was made. */
  private static final class OfAProcess extends TracedForkingTCPServer {
    private final long pid = ProcessHandle.current().pid();

    OfAProcess(Run run, HandlerFactory<StreamSocket> handler) throws IOException {
      super(run, handler);
    }
  }

  /** Has something that the parent changes, and something that the handlers change. */
  private static final class Counting extends TracedForkingTCPServer {
    private int count;
    private String greeting;

    Counting(Run run, HandlerFactory<StreamSocket> handler) throws IOException {
      super(run, handler);
    }
  }
}
