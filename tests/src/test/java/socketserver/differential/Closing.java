package socketserver.differential;

import static socketserver.SocketConstants.SHUT_WR;
import static socketserver.SocketConstants.SOL_SOCKET;
import static socketserver.SocketConstants.SO_LINGER;
import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.tcp;
import static socketserver.differential.StreamHandling.stream;

import java.util.List;

/** close, and who still holds the connection then. */
final class Closing {
  private Closing() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("close in handle ends the connection at once, and the socket is dead")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.sendall(b'bye')
                        self.request.settimeout(1.5)
                        self.request.close()
                        say(self.request.fileno())
                        attempt("recv", lambda: self.request.recv(1))
                        attempt("send", lambda: self.request.send(b'x'))
                        attempt("getpeername", lambda: self.request.getpeername())
                        attempt("getsockname", lambda: self.request.getsockname())
                        attempt("makefile", lambda: self.request.makefile('rb') and None)
                        attempt("gettimeout", lambda: self.request.gettimeout())
                        attempt("close again", lambda: self.request.close())
                        gate("client has seen the end")
                """)
            .java(
                plain(
                    h -> {
                      h.request.sendall("bye");
                      h.request.settimeout(java.time.Duration.ofMillis(1500));
                      h.request.close();
                      h.say(h.request.fileno());
                      h.attempt("recv", () -> h.request.recv(1));
                      h.attempt("send", () -> h.request.send(Shown.latin1("x")));
                      h.attempt("getpeername", () -> h.request.getpeername());
                      h.attempt("getsockname", () -> h.request.getsockname());
                      h.attempt(
                          "makefile",
                          () -> {
                            h.request.makefileReader(-1);
                          });
                      h.attempt("gettimeout", () -> h.request.gettimeout());
                      h.attempt("close again", () -> h.request.close());
                      h.gate("client has seen the end");
                    }))
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.open("client has seen the end");
                })
            .differs(
                "makefile of a closed socket fails at once, Python's on the first read",
                "for client 1: makefile: None",
                "for client 1: makefile: OSError"),
        tcp("a file made of the socket keeps the connection when the socket is closed")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        file = self.request.makefile('rb', -1)
                        self.request.close()
                        say(self.request.fileno() >= 0)
                        say(file.readline())
                        say(self.request.recv(3))
                        file.close()
                        say(self.request.fileno())
                        gate("client has seen the end")
                """)
            .java(
                plain(
                    h -> {
                      var file = h.request.makefileReader(-1);
                      h.request.close();
                      h.say(h.request.fileno() >= 0);
                      h.say(file.readline());
                      h.say(h.request.recv(3));
                      file.close();
                      h.say(h.request.fileno());
                      h.gate("client has seen the end");
                    }))
            .client(
                c -> {
                  StreamPeer peer = c.connect().send("line\n");
                  c.await("'line\\n'");
                  peer.send("abc").readToEnd();
                  c.open("client has seen the end");
                }),
        tcp("the last of two files lets the connection go")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        reader = self.request.makefile('rb', -1)
                        writer = self.request.makefile('wb', -1)
                        self.request.close()
                        reader.close()
                        say(self.request.fileno() >= 0)
                        writer.write(b'from the last one')
                        writer.close()
                        say(self.request.fileno())
                        gate("client has seen the end")
                """)
            .java(
                plain(
                    h -> {
                      var reader = h.request.makefileReader(-1);
                      var writer = h.request.makefileWriter(-1);
                      h.request.close();
                      reader.close();
                      h.say(h.request.fileno() >= 0);
                      writer.write("from the last one");
                      writer.close();
                      h.say(h.request.fileno());
                      h.gate("client has seen the end");
                    }))
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.open("client has seen the end");
                }),
        tcp("closing the files does not close the socket")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        reader = self.request.makefile('rb', -1)
                        writer = self.request.makefile('wb', -1)
                        writer.write(b'by file, ')
                        reader.close()
                        writer.close()
                        self.request.sendall(b'by socket')
                        say(self.request.recv(3))
                """)
            .java(
                plain(
                    h -> {
                      var reader = h.request.makefileReader(-1);
                      var writer = h.request.makefileWriter(-1);
                      writer.write("by file, ");
                      reader.close();
                      writer.close();
                      h.request.sendall("by socket");
                      h.say(h.request.recv(3));
                    }))
            .client(c -> c.connect().read(18).send("yes").readToEnd()),
        tcp("the client sees the end although the handler has left a file open")
            .python(
                """
                leaked = []
                class Handler(BaseRequestHandler):
                    def handle(self):
                        leaked.append(self.request.makefile('rb', -1))
                        self.request.sendall(b'answer')
                """)
            .java(
                plain(
                    h -> {
                      h.request.makefileReader(-1);
                      h.request.sendall("answer");
                    }))
            .client(c -> c.connect().readToEnd()),
        tcp("the client gets the answer and the end although its own bytes were never read")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        arrived(self.request, 20)
                        self.request.sendall(b'did not listen')
                """)
            .java(
                plain(
                    h -> {
                      h.arrived(h.request, 20);
                      h.request.sendall("did not listen");
                    }))
            .client(c -> c.connect().send("a".repeat(20)).readToEnd()),
        tcp("a socket that is closed with lingering for no time resets the connection")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.recv(1)
                        self.request.setsockopt(
                            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                        self.request.close()
                """)
            .java(
                plain(
                    h -> {
                      h.request.recv(1);
                      h.request.setsockopt(SOL_SOCKET, SO_LINGER, Sending.linger(0));
                      h.request.close();
                    }))
            .client(c -> c.connect().send("x").readToEnd()),
        tcp("what was written before a close is all sent")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.sendall(b'z' * 3000000)
                        self.request.close()
                        say("closed")
                """)
            .java(
                plain(
                    h -> {
                      byte[] data = new byte[3000000];
                      java.util.Arrays.fill(data, (byte) 'z');
                      h.request.sendall(data);
                      h.request.close();
                      h.say("closed");
                    }))
            .client(c -> c.connect().readToEnd()),
        tcp("a handler that has shut down and closed everything itself disturbs nobody")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'all by myself')
                        self.wfile.close()
                        self.rfile.close()
                        self.request.shutdown(socket.SHUT_WR)
                        self.request.close()
                        say(self.request.fileno())
                """)
            .java(
                stream(
                    h -> {
                      h.wfile.write("all by myself");
                      h.wfile.close();
                      h.rfile.close();
                      h.request.shutdown(SHUT_WR);
                      h.request.close();
                      h.say(h.request.fileno());
                    }))
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.connect().readToEnd();
                }),
        tcp("with close_request overridden the client sees the end and can still write")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'hello')
                class Server(TCPServer):
                    def close_request(self, request):
                        gate("client has written")
                        say(request.recv(100))
                        request.close()
                """)
            .java(stream(h -> h.wfile.write("hello")))
            .javaServer(
                (run, handler) ->
                    new TracedTCPServer(run, handler) {
                      @Override
                      public void closeRequest(socketserver.StreamSocket request) {
                        say("close_request");
                        try {
                          gate("client has written");
                          say(request.recv(100));
                        } catch (Exception e) {
                          say(e);
                        }
                        request.close();
                      }
                    })
            .client(
                c -> {
                  c.connect().readToEnd().send("thanks");
                  c.open("client has written");
                }),
        tcp("with shutdown_request overridden the connection outlives the request")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.server.kept = self.request
                        self.request.sendall(b'kept')
                class Server(TCPServer):
                    kept = None
                    def shutdown_request(self, request):
                        pass
                    def server_close(self):
                        super().server_close()
                        self.kept.close()
                """)
            .java(
                plain(
                    h -> {
                      h.server(KeepingServer.class).kept = h.request;
                      h.request.sendall("kept");
                    }))
            .javaServer(KeepingServer::new)
            .client(
                c -> {
                  StreamPeer peer = c.connect().read(4);
                  c.await("shutdown_request");
                  peer.readNothing();
                }));
  }

  /** Leaves a connection open until it is closed itself. */
  private static final class KeepingServer extends TracedTCPServer {
    private volatile socketserver.StreamSocket kept;

    KeepingServer(Run run, socketserver.HandlerFactory<socketserver.StreamSocket> handler)
        throws java.io.IOException {
      super(run, handler);
    }

    @Override
    public void shutdownRequest(socketserver.StreamSocket request) {
      say("shutdown_request");
    }

    @Override
    public void serverClose() {
      super.serverClose();
      kept.close();
    }
  }
}
