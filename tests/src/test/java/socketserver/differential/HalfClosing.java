package socketserver.differential;

import static socketserver.SocketConstants.SHUT_RD;
import static socketserver.SocketConstants.SHUT_RDWR;
import static socketserver.SocketConstants.SHUT_WR;
import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.tcp;
import static socketserver.differential.Scenario.threadingTcp;
import static socketserver.differential.StreamHandling.stream;

import java.util.List;

/** One direction closed, by the client or by the server. */
final class HalfClosing {
  private HalfClosing() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("a client that has closed its writing half still gets the whole answer")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        question = self.rfile.read()
                        self.wfile.write(b'answer to ' + question)
                        self.wfile.write(b'!' * 100000)
                """)
            .java(
                stream(
                    h -> {
                      byte[] question = h.rfile.readAllBytes();
                      h.wfile.write("answer to ");
                      h.wfile.write(question);
                      h.wfile.write("!".repeat(100000));
                    }))
            .client(c -> c.connect().send("question").shutdownWrite().readToEnd()),
        tcp("a server that has closed its writing half still reads")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.sendall(b'last words')
                        self.request.shutdown(socket.SHUT_WR)
                        say(self.request.recv(100))
                        say(self.request.recv(100))
                        attempt("send", lambda: self.request.send(b'x'))
                """)
            .java(
                plain(
                    h -> {
                      h.request.sendall("last words");
                      h.request.shutdown(SHUT_WR);
                      h.say(h.request.recv(100));
                      h.say(h.request.recv(100));
                      h.attempt("send", () -> h.request.send(Shown.latin1("x")));
                    }))
            .client(c -> c.connect().readToEnd().send("I hear").shutdownWrite()),
        tcp("sending after shutdown(SHUT_WR) is a broken pipe, every time")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.request.shutdown(socket.SHUT_WR)
                        attempt("send", lambda: self.request.send(b'x'))
                        attempt("sendall", lambda: self.request.sendall(b'x'))
                        attempt("write", lambda: self.wfile.write(b'x'))
                        attempt("send nothing", lambda: self.request.send(b''))
                """)
            .java(
                stream(
                    h -> {
                      h.request.shutdown(SHUT_WR);
                      h.attempt("send", () -> h.request.send(Shown.latin1("x")));
                      h.attempt("sendall", () -> h.request.sendall("x"));
                      h.attempt("write", () -> h.wfile.write("x"));
                      h.attempt("send nothing", () -> h.request.send(new byte[0]));
                    }))
            .client(c -> c.connect().readToEnd()),
        tcp("after shutdown(SHUT_RD) what had come can still be received, then the end")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        arrived(self.request, 3)
                        self.request.shutdown(socket.SHUT_RD)
                        say(self.request.recv(100))
                        say(self.request.recv(100))
                        say(self.request.recv(100))
                        self.request.sendall(b'still writing')
                """)
            .java(
                plain(
                    h -> {
                      h.arrived(h.request, 3);
                      h.request.shutdown(SHUT_RD);
                      h.say(h.request.recv(100));
                      h.say(h.request.recv(100));
                      h.say(h.request.recv(100));
                      h.request.sendall("still writing");
                    }))
            .client(c -> c.connect().send("abc").readToEnd()),
        tcp("shutdown(SHUT_RD) with nothing there is the end of the stream")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.request.shutdown(socket.SHUT_RD)
                        say(self.request.recv(100))
                        say(self.rfile.readline())
                        self.wfile.write(b'still writing')
                """)
            .java(
                stream(
                    h -> {
                      h.request.shutdown(SHUT_RD);
                      h.say(h.request.recv(100));
                      h.say(h.rfile.readline());
                      h.wfile.write("still writing");
                    }))
            .client(c -> c.connect().readToEnd()),
        tcp("shutdown(SHUT_RDWR) ends both directions while the socket stays open")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.sendall(b'bye')
                        self.request.shutdown(socket.SHUT_RDWR)
                        say(self.request.recv(100))
                        attempt("send", lambda: self.request.send(b'x'))
                        say(self.request.fileno() >= 0)
                        say(self.request.getpeername() == self.client_address)
                """)
            .java(
                plain(
                    h -> {
                      h.request.sendall("bye");
                      h.request.shutdown(SHUT_RDWR);
                      h.say(h.request.recv(100));
                      h.attempt("send", () -> h.request.send(Shown.latin1("x")));
                      h.say(h.request.fileno() >= 0);
                      h.say(h.request.getpeername().equals(h.clientAddress));
                    }))
            .client(c -> c.connect().readToEnd()),
        tcp("shutting down twice is no error")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        attempt("first", lambda: self.request.shutdown(socket.SHUT_WR))
                        attempt("again", lambda: self.request.shutdown(socket.SHUT_WR))
                        attempt("reading", lambda: self.request.shutdown(socket.SHUT_RD))
                        attempt("reading again", lambda: self.request.shutdown(socket.SHUT_RD))
                        attempt("both", lambda: self.request.shutdown(socket.SHUT_RDWR))
                """)
            .java(
                plain(
                    h -> {
                      h.attempt("first", () -> h.request.shutdown(SHUT_WR));
                      h.attempt("again", () -> h.request.shutdown(SHUT_WR));
                      h.attempt("reading", () -> h.request.shutdown(SHUT_RD));
                      h.attempt("reading again", () -> h.request.shutdown(SHUT_RD));
                      h.attempt("both", () -> h.request.shutdown(SHUT_RDWR));
                    }))
            .client(c -> c.connect().readToEnd()),
        tcp("shutting down a closed socket is an error")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.close()
                        attempt("shutdown", lambda: self.request.shutdown(socket.SHUT_RDWR))
                """)
            .java(
                plain(
                    h -> {
                      h.request.close();
                      h.attempt("shutdown", () -> h.request.shutdown(SHUT_RDWR));
                    }))
            .client(c -> c.connect().readToEnd()),
        tcp("when both halves are closed by both sides, the next shutdown is an error")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say(self.request.recv(1))
                        self.request.shutdown(socket.SHUT_WR)
                        gate("client has seen the end")
                        attempt("shutdown", lambda: self.request.shutdown(socket.SHUT_WR))
                        attempt(
                            "getpeername",
                            lambda: self.request.getpeername() == self.client_address)
                """)
            .java(
                plain(
                    h -> {
                      h.say(h.request.recv(1));
                      h.request.shutdown(SHUT_WR);
                      h.gate("client has seen the end");
                      h.attempt("shutdown", () -> h.request.shutdown(SHUT_WR));
                      h.attempt(
                          "getpeername", () -> h.request.getpeername().equals(h.clientAddress));
                    }))
            .client(
                c -> {
                  StreamPeer peer = c.connect().shutdownWrite().readToEnd();
                  c.open("client has seen the end");
                  c.await("close_request");
                  peer.close();
                }),
        threadingTcp("shutdown(SHUT_RDWR) by another thread wakes a blocked read with the end")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        def end():
                            gate("end it")
                            self.request.shutdown(socket.SHUT_RDWR)
                        thread = threading.Thread(target=end)
                        thread.start()
                        say("reading")
                        say(self.rfile.readline())
                        thread.join()
                """)
            .java(
                stream(
                    h -> {
                      Thread thread =
                          new Thread(
                              () -> {
                                try {
                                  h.gate("end it");
                                  h.request.shutdown(SHUT_RDWR);
                                } catch (Exception e) {
                                  h.say(e);
                                }
                              });
                      thread.start();
                      h.say("reading");
                      h.say(h.rfile.readline());
                      thread.join();
                    }))
            .client(
                c -> {
                  StreamPeer peer = c.connect();
                  c.await("reading").open("end it");
                  peer.readToEnd();
                }));
  }
}
