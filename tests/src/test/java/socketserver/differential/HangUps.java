package socketserver.differential;

import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.tcp;
import static socketserver.differential.StreamHandling.stream;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import socketserver.StreamSocket;
import socketserver.TCPServer;

/** Clients that go away without a word. */
final class HangUps {
  private HangUps() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("a reset is an error once, and then the end of the stream")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say("reading")
                        attempt("recv", lambda: self.request.recv(10))
                        attempt("again", lambda: self.request.recv(10))
                        attempt("and again", lambda: self.request.recv(10))
                """)
            .java(
                plain(
                    h -> {
                      h.say("reading");
                      h.attempt("recv", () -> h.request.recv(10));
                      h.attempt("again", () -> h.request.recv(10));
                      h.attempt("and again", () -> h.request.recv(10));
                    }))
            .client(
                c -> {
                  StreamPeer peer = c.connect();
                  c.await("reading");
                  peer.abort();
                }),
        tcp("a reset during readline goes to handle_error as what it is")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'line? ')
                        self.rfile.readline()
                """)
            .java(
                stream(
                    h -> {
                      h.wfile.write("line? ");
                      h.rfile.readline();
                    }))
            .client(c -> c.connect().read(6).abort()),
        tcp("a reset during iteration goes to handle_error as what it is")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        for line in self.rfile:
                            self.wfile.write(line)
                """)
            .java(
                stream(
                    h -> {
                      for (byte[] line : h.rfile) {
                        h.wfile.write(line);
                      }
                    }))
            .client(c -> c.connect().send("one\n").readLine().abort()),
        tcp("what came before a reset can still be received")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        arrived(self.request, 3)
                        say("three are here")
                        gate("client has gone")
                        attempt("recv", lambda: self.request.recv(10))
                        attempt("again", lambda: self.request.recv(10))
                        attempt("and again", lambda: self.request.recv(10))
                """)
            .java(
                plain(
                    h -> {
                      h.arrived(h.request, 3);
                      h.say("three are here");
                      h.gate("client has gone");
                      h.attempt("recv", () -> h.request.recv(10));
                      h.attempt("again", () -> h.request.recv(10));
                      h.attempt("and again", () -> h.request.recv(10));
                    }))
            .client(
                c -> {
                  StreamPeer peer = c.connect().send("abc");
                  c.await("three are here");
                  peer.abort();
                  c.open("client has gone");
                }),
        // over Unix sockets a client just closes, which a first send need not notice here
        tcp("after a reset nothing can be sent, and there is no peer any more")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say("reading")
                        attempt("recv", lambda: self.request.recv(10))
                        attempt("send", lambda: self.request.send(b'x'))
                        attempt("sendall", lambda: self.request.sendall(b'x'))
                        attempt(
                            "getpeername",
                            lambda: self.request.getpeername() == self.client_address)
                        attempt("shutdown", lambda: self.request.shutdown(socket.SHUT_WR))
                        say(self.request.fileno() >= 0)
                """)
            .java(
                plain(
                    h -> {
                      h.say("reading");
                      h.attempt("recv", () -> h.request.recv(10));
                      h.attempt("send", () -> h.request.send(Shown.latin1("x")));
                      h.attempt("sendall", () -> h.request.sendall("x"));
                      h.attempt(
                          "getpeername", () -> h.request.getpeername().equals(h.clientAddress));
                      h.attempt("shutdown", () -> h.request.shutdown(1));
                      h.say(h.request.fileno() >= 0);
                    }))
            .client(
                c -> {
                  StreamPeer peer = c.connect();
                  c.await("reading");
                  peer.abort();
                }),
        writingOn("writing on to a client that has closed ends in a broken pipe")
            .client(
                c -> {
                  c.connect().send("line\n").close();
                  c.open("client has gone");
                  c.await("close_request");
                }),
        writingOn(
                "writing on to a client that has reset the connection is an error of the"
                    + " connection")
            .client(
                c -> {
                  c.connect().send("line\n").abort();
                  c.open("client has gone");
                  c.await("close_request");
                }),
        tcp("a client that leaves without reading the answer resets the connection")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'nobody reads this')
                        say("written")
                        attempt("readline", lambda: self.rfile.readline())
                        attempt("readline", lambda: self.rfile.readline())
                """)
            .java(
                stream(
                    h -> {
                      h.wfile.write("nobody reads this");
                      h.say("written");
                      h.attempt("readline", () -> h.rfile.readline());
                      h.attempt("readline", () -> h.rfile.readline());
                    }))
            .client(
                c -> {
                  StreamPeer peer = c.connect().read(1);
                  c.await("written");
                  peer.close();
                }),
        tcp("a buffered answer that nobody takes any more")
            .python(
                """
                class Handler(StreamRequestHandler):
                    wbufsize = -1
                    def handle(self):
                        self.wfile.write(b'too late')
                        say("reading")
                        attempt("readline", lambda: self.rfile.readline())
                """)
            .java(
                stream(
                        h -> {
                          h.wfile.write("too late");
                          h.say("reading");
                          h.attempt("readline", () -> h.rfile.readline());
                        })
                    .wbufsize(-1))
            .client(
                c -> {
                  StreamPeer peer = c.connect();
                  c.await("reading");
                  peer.abort();
                })
            .differs(
                "finish takes no notice of a client that is gone; Python means to, but its close"
                    + " flushes again and fails",
                "for client 1: handle_error BrokenPipeError",
                ""),
        tcp("what handle_error prints of a client that hung up")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'line? ')
                        self.rfile.readline()
                class Server(TCPServer):
                    def handle_error(self, request, client_address):
                        report = io.StringIO()
                        with contextlib.redirect_stderr(report):
                            socketserver.TCPServer.handle_error(self, request, client_address)
                        say("printed something:", bool(report.getvalue()))
                """)
            .java(
                stream(
                    h -> {
                      h.wfile.write("line? ");
                      h.rfile.readline();
                    }))
            .javaServer(
                (run, handler) ->
                    new TracedTCPServer(run, handler) {
                      @Override
                      public void handleError(
                          StreamSocket request, SocketAddress client, Throwable error) {
                        super.handleError(request, client, error);
                        String text = Printed.by(this, request, client, error);
                        say("printed something:", !text.isEmpty());
                      }
                    })
            .client(c -> c.connect().read(6).abort())
            .differs(
                "a client that hangs up is one DEBUG line, not a stack trace",
                "for client 1: printed something: true",
                "for client 1: printed something: false")
            // without a reset nothing fails
            .same(Family.UNIX),
        tcp("a server goes on after clients of every bad manner")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        line = self.rfile.readline()
                        if line:
                            self.wfile.write(line)
                            self.rfile.read()
                """)
            .java(
                stream(
                    h -> {
                      byte[] line = h.rfile.readline();
                      if (line.length > 0) {
                        h.wfile.write(line);
                        h.rfile.readAllBytes();
                      }
                    }))
            .client(
                c -> {
                  c.connect().close();
                  c.connect().send("x").shutdownWrite().readToEnd();
                  c.connect().send("one\n").read(4).abort();
                  c.connect().send("two\n").readLine().shutdownWrite().readToEnd();
                }));
  }

  /** A handler that writes until it learns that its client has gone. */
  private static Scenario<StreamSocket, TCPServer> writingOn(String name) {
    return tcp(name)
        .python(
            """
            class Handler(StreamRequestHandler):
                def handle(self):
                    say(self.rfile.readline())
                    gate("client has gone")
                    try:
                        while True:
                            self.wfile.write(b'anybody there?')
                    except OSError as error:
                        say(name(error))
                    attempt("again", lambda: self.wfile.write(b'x'))
            """)
        .java(
            stream(
                h -> {
                  h.say(h.rfile.readline());
                  h.gate("client has gone");
                  try {
                    while (true) {
                      h.wfile.write("anybody there?");
                    }
                  } catch (IOException e) {
                    h.say(PythonNames.of(e));
                  }
                  h.attempt("again", () -> h.wfile.write("x"));
                }));
  }
}
