package socketserver.differential;

import static socketserver.SocketConstants.MSG_DONTWAIT;
import static socketserver.differential.Scenario.tcp;
import static socketserver.differential.StreamHandling.stream;

import java.util.List;

/** rbufsize, and what rfile's buffer means to those who also use the socket. */
final class ReadBuffers {
  private ReadBuffers() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("what rfile has read ahead, the socket no longer receives")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        arrived(self.request, 8)
                        say(self.rfile.readline())
                        attempt("recv", lambda: self.request.recv(100, socket.MSG_DONTWAIT))
                        say(self.rfile.readline())
                """)
            .java(
                stream(
                    h -> {
                      h.arrived(h.request, 8);
                      h.say(h.rfile.readline());
                      h.attempt("recv", () -> h.request.recv(100, MSG_DONTWAIT));
                      h.say(h.rfile.readline());
                    }))
            .client(c -> c.connect().send("one\ntwo\n").readToEnd()),
        tcp("what the socket receives, rfile does not see")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        arrived(self.request, 8)
                        say(self.request.recv(3))
                        say(self.rfile.readline())
                        say(self.rfile.readline())
                """)
            .java(
                stream(
                    h -> {
                      h.arrived(h.request, 8);
                      h.say(h.request.recv(3));
                      h.say(h.rfile.readline());
                      h.say(h.rfile.readline());
                    }))
            .client(c -> c.connect().send("one\ntwo\n").readToEnd()),
        tcp("read1 with an empty buffer reads nothing ahead")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        arrived(self.request, 10)
                        say(self.rfile.read1(4))
                        attempt("recv", lambda: self.request.recv(100, socket.MSG_DONTWAIT))
                """)
            .java(
                stream(
                    h -> {
                      h.arrived(h.request, 10);
                      h.say(h.rfile.read1(4));
                      h.attempt("recv", () -> h.request.recv(100, MSG_DONTWAIT));
                    }))
            .client(c -> c.connect().send("abcdefghij").readToEnd()),
        tcp("without a buffer readline takes its line and leaves the rest to the socket")
            .python(
                """
                class Handler(StreamRequestHandler):
                    rbufsize = 0
                    def handle(self):
                        arrived(self.request, 12)
                        say(self.rfile.readline())
                        say(self.rfile.readline(2))
                        say(self.request.recv(100))
                """)
            .java(
                stream(
                        h -> {
                          h.arrived(h.request, 12);
                          h.say(h.rfile.readline());
                          h.say(h.rfile.readline(2));
                          h.say(h.request.recv(100));
                        })
                    .rbufsize(0))
            .client(c -> c.connect().send("line\nand rest").readToEnd()),
        tcp("without a buffer read(n) gives what has come, as recv does")
            .python(
                """
                class Handler(StreamRequestHandler):
                    rbufsize = 0
                    def handle(self):
                        arrived(self.request, 3)
                        say(self.rfile.read(5))
                        self.wfile.write(b'more')
                        arrived(self.request, 4)
                        say(self.rfile.read(3))
                        say(self.rfile.read(3))
                        say(self.rfile.read(3))
                """)
            .java(
                stream(
                        h -> {
                          h.arrived(h.request, 3);
                          h.say(h.rfile.read(5));
                          h.wfile.write("more");
                          h.arrived(h.request, 4);
                          h.say(h.rfile.read(3));
                          h.say(h.rfile.read(3));
                          h.say(h.rfile.read(3));
                        })
                    .rbufsize(0))
            .client(c -> c.connect().send("abc").read(4).send("defg").shutdownWrite().readToEnd()),
        tcp("without a buffer lines and the end of the stream are as ever")
            .python(
                """
                class Handler(StreamRequestHandler):
                    rbufsize = 0
                    def handle(self):
                        say(self.rfile.readline())
                        say(self.rfile.readlines())
                        say(self.rfile.readline())
                        say(self.rfile.read())
                """)
            .java(
                stream(
                        h -> {
                          h.say(h.rfile.readline());
                          h.say(h.rfile.readlines());
                          h.say(h.rfile.readline());
                          h.say(h.rfile.readAllBytes());
                        })
                    .rbufsize(0))
            .client(c -> c.connect().send("a\r\nb\nc").shutdownWrite().readToEnd()),
        tcp("a buffer of four bytes reads four ahead, no more")
            .python(
                """
                class Handler(StreamRequestHandler):
                    rbufsize = 4
                    def handle(self):
                        arrived(self.request, 10)
                        say(self.rfile.read(2))
                        say(self.rfile.peek(1))
                        say(self.request.recv(100))
                        say(self.rfile.read(2))
                """)
            .java(
                stream(
                        h -> {
                          h.arrived(h.request, 10);
                          h.say(h.rfile.read(2));
                          h.say(h.rfile.peek(1));
                          h.say(h.request.recv(100));
                          h.say(h.rfile.read(2));
                        })
                    .rbufsize(4))
            .client(c -> c.connect().send("abcdefghij").readToEnd()),
        tcp("a buffer of four bytes still gives long lines and large reads")
            .python(
                """
                class Handler(StreamRequestHandler):
                    rbufsize = 4
                    def handle(self):
                        say(self.rfile.readline())
                        say(self.rfile.read(11))
                        say(self.rfile.readline(9))
                        say(self.rfile.read())
                """)
            .java(
                stream(
                        h -> {
                          h.say(h.rfile.readline());
                          h.say(h.rfile.read(11));
                          h.say(h.rfile.readline(9));
                          h.say(h.rfile.readAllBytes());
                        })
                    .rbufsize(4))
            .client(
                c ->
                    c.connect()
                        .send("a line of some length\n")
                        .send("eleven bytes, then more than nine\nand the rest")
                        .shutdownWrite()
                        .readToEnd()),
        tcp("reading a closed rfile is an error, and nothing is read")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        arrived(self.request, 2)
                        self.rfile.close()
                        say(self.rfile.closed)
                        attempt("read", lambda: self.rfile.read(1))
                        attempt("readline", lambda: self.rfile.readline())
                        say(self.request.recv(2))
                """)
            .java(
                stream(
                    h -> {
                      h.arrived(h.request, 2);
                      h.rfile.close();
                      h.say(h.rfile.closed());
                      h.attempt("read", () -> h.rfile.read(1));
                      h.attempt("readline", () -> h.rfile.readline());
                      h.say(h.request.recv(2));
                    }))
            .client(c -> c.connect().send("ab").readToEnd())
            .differs(
                "a closed file is an IOException in Java, as it is for every stream of the JDK",
                """
                for client 1: read: ValueError
                for client 1: readline: ValueError
                """,
                """
                for client 1: read: OSError
                for client 1: readline: OSError
                """),
        tcp("a second reader made of the socket reads what the first has left")
            .python(
                """
                class Handler(StreamRequestHandler):
                    rbufsize = 0
                    def handle(self):
                        arrived(self.request, 12)
                        say(self.rfile.readline())
                        second = self.request.makefile('rb', 0)
                        say(second.readline())
                        second.close()
                        say(self.rfile.readline())
                """)
            .java(
                stream(
                        h -> {
                          h.arrived(h.request, 12);
                          h.say(h.rfile.readline());
                          var second = h.request.makefileReader(0);
                          h.say(second.readline());
                          second.close();
                          h.say(h.rfile.readline());
                        })
                    .rbufsize(0))
            .client(c -> c.connect().send("one\ntwo\nthr\n").readToEnd()));
  }
}
