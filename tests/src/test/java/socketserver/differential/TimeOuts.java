package socketserver.differential;

import static socketserver.SocketConstants.MSG_PEEK;
import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.tcp;
import static socketserver.differential.StreamHandling.stream;

import java.time.Duration;
import java.util.List;

/** The handler's timeout, settimeout, and what is left after one. */
final class TimeOuts {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(30);

  private TimeOuts() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("a client that says nothing is dropped when the handler's time is over")
            .python(
                """
                class Handler(StreamRequestHandler):
                    timeout = 0.05
                    def handle(self):
                        self.rfile.readline()
                """)
            .java(stream(h -> h.rfile.readline()).timeout(SHORT))
            .client(c -> c.connect().readToEndTimed(SHORT)),
        tcp("a client that answers at once is not made to wait for a time-out")
            .python(
                """
                class Handler(StreamRequestHandler):
                    timeout = 30
                    def handle(self):
                        say(self.request.gettimeout())
                        self.wfile.write(self.rfile.readline())
                """)
            .java(
                stream(
                        h -> {
                          h.say(h.request.gettimeout());
                          h.wfile.write(h.rfile.readline());
                        })
                    .timeout(LONG))
            .client(c -> c.connect().send("quick\n").readToEndTimed(LONG)),
        tcp("recv over its time is a TimeoutError, and the next one finds what came since")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.settimeout(0.02)
                        attempt("recv", lambda: self.request.recv(10))
                        attempt("peek", lambda: self.request.recv(10, socket.MSG_PEEK))
                        attempt("recv_into", lambda: self.request.recv_into(bytearray(3)))
                        self.request.settimeout(30)
                        self.request.sendall(b'now')
                        say(self.request.recv(10))
                """)
            .java(
                plain(
                    h -> {
                      h.request.settimeout(Duration.ofMillis(20));
                      h.attempt("recv", () -> h.request.recv(10));
                      h.attempt("peek", () -> h.request.recv(10, MSG_PEEK));
                      h.attempt("recv_into", () -> h.request.recvInto(new byte[3]));
                      h.request.settimeout(LONG);
                      h.request.sendall("now");
                      h.say(h.request.recv(10));
                    }))
            .client(c -> c.connect().read(3).send("late").readToEnd()),
        tcp("a negative time-out is refused, none and zero are taken")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        attempt("negative", lambda: self.request.settimeout(-1))
                        attempt("none", lambda: self.request.settimeout(None))
                        attempt("zero", lambda: self.request.settimeout(0))
                        attempt("tiny", lambda: self.request.settimeout(0.25))
                        say(self.request.gettimeout())
                """)
            .java(
                plain(
                    h -> {
                      h.attempt("negative", () -> h.request.settimeout(Duration.ofSeconds(-1)));
                      h.attempt("none", () -> h.request.settimeout(null));
                      h.attempt("zero", () -> h.request.settimeout(Duration.ZERO));
                      h.attempt("tiny", () -> h.request.settimeout(Duration.ofMillis(250)));
                      h.say(h.request.gettimeout());
                    }))
            .client(c -> c.connect().readToEnd()),
        tcp("rfile after a time-out")
            .python(
                """
                class Handler(StreamRequestHandler):
                    timeout = 0.05
                    def handle(self):
                        arrived(self.request, 4)
                        attempt("readline", lambda: self.rfile.readline())
                        self.wfile.write(b'and?')
                        arrived(self.request, 4)
                        self.request.settimeout(30)
                        attempt("again", lambda: self.rfile.readline())
                """)
            .java(
                stream(
                        h -> {
                          h.arrived(h.request, 4);
                          h.attempt("readline", () -> h.rfile.readline());
                          h.wfile.write("and?");
                          h.arrived(h.request, 4);
                          h.request.settimeout(LONG);
                          h.attempt("again", () -> h.rfile.readline());
                        })
                    .timeout(SHORT))
            .client(c -> c.connect().send("half").read(4).send(" all\n").readToEnd())
            .differs(
                "rfile survives a read timeout without losing bytes; Python's is dead after one",
                "for client 1: again: OSError",
                "for client 1: again: 'half all\\n'"),
        tcp("read(n) after a time-out")
            .python(
                """
                class Handler(StreamRequestHandler):
                    timeout = 0.05
                    def handle(self):
                        arrived(self.request, 3)
                        attempt("read", lambda: self.rfile.read(5))
                        attempt("again", lambda: self.rfile.read(5))
                        self.wfile.write(b'and?')
                        self.request.settimeout(30)
                        arrived(self.request, 2)
                        attempt("at last", lambda: self.rfile.read(5))
                """)
            .java(
                stream(
                        h -> {
                          h.arrived(h.request, 3);
                          h.attempt("read", () -> h.rfile.read(5));
                          h.attempt("again", () -> h.rfile.read(5));
                          h.wfile.write("and?");
                          h.request.settimeout(LONG);
                          h.arrived(h.request, 2);
                          h.attempt("at last", () -> h.rfile.read(5));
                        })
                    .timeout(SHORT))
            .client(c -> c.connect().send("abc").read(4).send("de").readToEnd())
            .differs(
                "rfile survives a read timeout without losing bytes; Python's is dead after one",
                """
                for client 1: again: OSError
                for client 1: at last: OSError
                """,
                """
                for client 1: again: TimeoutError
                for client 1: at last: 'abcde'
                """),
        tcp("the socket and wfile go on after a time-out of rfile")
            .python(
                """
                class Handler(StreamRequestHandler):
                    timeout = 0.05
                    def handle(self):
                        attempt("readline", lambda: self.rfile.readline())
                        self.request.settimeout(None)
                        self.wfile.write(b'are you there?')
                        say(self.request.recv(10))
                        reader = self.request.makefile('rb', -1)
                        say(reader.readline())
                        reader.close()
                """)
            .java(
                stream(
                        h -> {
                          h.attempt("readline", () -> h.rfile.readline());
                          h.request.settimeout(null);
                          h.wfile.write("are you there?");
                          h.say(h.request.recv(10));
                          var reader = h.request.makefileReader(-1);
                          h.say(reader.readline());
                          reader.close();
                        })
                    .timeout(SHORT))
            .client(
                c -> {
                  StreamPeer peer = c.connect().read(14).send("yes");
                  c.await("'yes'");
                  peer.send("a line\n").readToEnd();
                }),
        tcp("a handler that gives no time reads without waiting")
            .python(
                """
                class Handler(StreamRequestHandler):
                    timeout = 0
                    def handle(self):
                        say(self.request.getblocking())
                        attempt("recv", lambda: self.request.recv(3))
                        attempt("read", lambda: self.rfile.read(3))
                        attempt("readline", lambda: self.rfile.readline())
                        self.request.setblocking(True)
                        self.wfile.write(b'now')
                        attempt("waiting", lambda: self.rfile.readline())
                """)
            .java(
                stream(
                        h -> {
                          h.say(h.request.getblocking());
                          h.attempt("recv", () -> h.request.recv(3));
                          h.attempt("read", () -> h.rfile.read(3));
                          h.attempt("readline", () -> h.rfile.readline());
                          h.request.setblocking(true);
                          h.wfile.write("now");
                          h.attempt("waiting", () -> h.rfile.readline());
                        })
                    .timeout(Duration.ZERO))
            .client(c -> c.connect().read(3).send("a line\n").readToEnd())
            .differs(
                "a non-blocking read with nothing there is told apart from the end of the stream;"
                    + " Python's rfile gives None or b''",
                """
                for client 1: read: None
                for client 1: readline: ''
                """,
                """
                for client 1: read: BlockingIOError
                for client 1: readline: BlockingIOError
                """),
        tcp("sendall has one time for all its bytes")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.settimeout(0.05)
                        attempt("sendall", lambda: self.request.sendall(b'x' * 50000000))
                """)
            .java(
                plain(
                    h -> {
                      h.request.settimeout(SHORT);
                      h.attempt("sendall", () -> h.request.sendall(new byte[50000000]));
                    }))
            .client(
                c -> {
                  StreamPeer peer = c.connect();
                  c.await("sendall: TimeoutError");
                  peer.abort();
                }),
        tcp("a non-blocking sendall to a client that does not read says that it would block")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.setblocking(False)
                        attempt("sendall", lambda: self.request.sendall(b'x' * 50000000))
                """)
            .java(
                plain(
                    h -> {
                      h.request.setblocking(false);
                      h.attempt("sendall", () -> h.request.sendall(new byte[50000000]));
                    }))
            .client(
                c -> {
                  StreamPeer peer = c.connect();
                  c.await("sendall: BlockingIOError");
                  peer.abort();
                }),
        tcp("a time-out in handle goes to handle_error, and the buffered answer is still sent")
            .python(
                """
                class Handler(StreamRequestHandler):
                    timeout = 0.05
                    wbufsize = -1
                    def handle(self):
                        self.wfile.write(b'so far')
                        self.rfile.read(1)
                """)
            .java(
                stream(
                        h -> {
                          h.wfile.write("so far");
                          h.rfile.read(1);
                        })
                    .timeout(SHORT)
                    .wbufsize(-1))
            .client(c -> c.connect().readToEndTimed(SHORT)));
  }
}
