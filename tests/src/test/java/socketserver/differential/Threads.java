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
import socketserver.fixture.RequestThreads;

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
        threadingTcp(
                "a request runs in a thread that is named after what it does, and is no daemon")
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
                      // a virtual one always is, and another thread keeps the process alive
                      boolean daemon = thread.isDaemon() && !RequestThreads.isVirtual(thread);
                      h.say(thread.getName().endsWith(" (process_request_thread)"), daemon);
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
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.await("close_request");
                }),
        threadingTcp("a handler shuts its server down, and still answers")
            .inServersProcess()
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
            .inServersProcess()
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
                    // one after the other: the queue of those that wait has room for five
                    peers[n] = c.connect().send("first of " + n + "\n").readLine();
                  }
                  for (int n = peers.length - 1; n >= 0; n--) {
                    peers[n].send("last of " + n + "\n").shutdownWrite().readToEnd();
                  }
                }));
  }

  private static <S extends ThreadingMixIn> S daemons(S server) {
    server.daemonThreads(true);
    return server;
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
