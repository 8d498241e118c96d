package socketserver.differential;

import static socketserver.SocketConstants.MSG_DONTWAIT;
import static socketserver.SocketConstants.MSG_PEEK;
import static socketserver.SocketConstants.MSG_WAITALL;
import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.tcp;

import java.time.Duration;
import java.util.List;

/** recv with flags, and without waiting. */
final class ReceivingFlags {
  private ReceivingFlags() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("MSG_PEEK leaves the bytes to be received again")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        arrived(self.request, 6)
                        say(self.request.recv(3, socket.MSG_PEEK))
                        say(self.request.recv(100, socket.MSG_PEEK))
                        say(self.request.recv(2))
                        say(self.request.recv(2, socket.MSG_PEEK))
                        say(self.request.recv(100))
                        say(self.request.recv(1, socket.MSG_PEEK))
                        say(self.request.recv(1))
                """)
            .java(
                plain(
                    h -> {
                      h.arrived(h.request, 6);
                      h.say(h.request.recv(3, MSG_PEEK));
                      h.say(h.request.recv(100, MSG_PEEK));
                      h.say(h.request.recv(2));
                      h.say(h.request.recv(2, MSG_PEEK));
                      h.say(h.request.recv(100));
                      h.say(h.request.recv(1, MSG_PEEK));
                      h.say(h.request.recv(1));
                    }))
            .client(c -> c.connect().send("abcdef").shutdownWrite().readToEnd()),
        tcp("MSG_DONTWAIT does not wait, and changes nothing for the next call")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        attempt("nothing", lambda: self.request.recv(9, socket.MSG_DONTWAIT))
                        self.request.sendall(b'go')
                        say(self.request.recv(9))
                        attempt("nothing", lambda: self.request.recv(9, socket.MSG_DONTWAIT))
                """)
            .java(
                plain(
                    h -> {
                      h.attempt("nothing", () -> h.request.recv(9, MSG_DONTWAIT));
                      h.request.sendall("go");
                      h.say(h.request.recv(9));
                      h.attempt("nothing", () -> h.request.recv(9, MSG_DONTWAIT));
                    }))
            .client(c -> c.connect().read(2).send("x").readToEnd()),
        tcp("MSG_WAITALL waits for all the bytes, or for the end of the stream")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        arrived(self.request, 2)
                        say("two are here")
                        say(self.request.recv(5, socket.MSG_WAITALL))
                        say(self.request.recv(5, socket.MSG_WAITALL))
                """)
            .java(
                plain(
                    h -> {
                      h.arrived(h.request, 2);
                      h.say("two are here");
                      h.say(h.request.recv(5, MSG_WAITALL));
                      h.say(h.request.recv(5, MSG_WAITALL));
                    }))
            .client(
                c -> {
                  StreamPeer peer = c.connect().send("ab");
                  c.await("two are here");
                  peer.send("c").send("defg").shutdownWrite().readToEnd();
                }),
        // over Unix sockets the system does not wait, either
        tcp("MSG_PEEK and MSG_WAITALL together")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        arrived(self.request, 2)
                        say("go on")
                        say(self.request.recv(5, socket.MSG_PEEK | socket.MSG_WAITALL))
                        say(self.request.recv(5))
                """)
            .java(
                plain(
                    h -> {
                      h.arrived(h.request, 2);
                      // the client goes on after this call, where Python's goes on before it
                      byte[] peeked = h.request.recv(5, MSG_PEEK | MSG_WAITALL);
                      h.say("go on");
                      h.say(peeked);
                      h.arrived(h.request, 5);
                      h.say(h.request.recv(5));
                    }))
            .client(
                c -> {
                  StreamPeer peer = c.connect().send("ab");
                  c.await("go on");
                  peer.send("cde").readToEnd();
                })
            .differs(
                "MSG_WAITALL is ignored beside MSG_PEEK, where Python waits for all the bytes",
                "for client 1: 'abcde'",
                "for client 1: 'ab'"),
        tcp("a non-blocking socket says so, and waits again once it is made to")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say(self.request.gettimeout(), self.request.getblocking())
                        self.request.setblocking(False)
                        say(self.request.gettimeout(), self.request.getblocking())
                        attempt("recv", lambda: self.request.recv(9))
                        attempt("peek", lambda: self.request.recv(9, socket.MSG_PEEK))
                        attempt("recv_into", lambda: self.request.recv_into(bytearray(9)))
                        self.request.settimeout(None)
                        say(self.request.gettimeout(), self.request.getblocking())
                        self.request.sendall(b'go')
                        say(self.request.recv(9))
                        self.request.settimeout(0)
                        say(self.request.getblocking())
                        attempt("recv", lambda: self.request.recv(9))
                        self.request.settimeout(2.5)
                        say(self.request.gettimeout(), self.request.getblocking())
                """)
            .java(
                plain(
                    h -> {
                      h.say(h.request.gettimeout(), h.request.getblocking());
                      h.request.setblocking(false);
                      h.say(h.request.gettimeout(), h.request.getblocking());
                      h.attempt("recv", () -> h.request.recv(9));
                      h.attempt("peek", () -> h.request.recv(9, MSG_PEEK));
                      h.attempt("recv_into", () -> h.request.recvInto(new byte[9]));
                      h.request.settimeout(null);
                      h.say(h.request.gettimeout(), h.request.getblocking());
                      h.request.sendall("go");
                      h.say(h.request.recv(9));
                      h.request.settimeout(Duration.ZERO);
                      h.say(h.request.getblocking());
                      h.attempt("recv", () -> h.request.recv(9));
                      h.request.settimeout(Duration.ofMillis(2500));
                      h.say(h.request.gettimeout(), h.request.getblocking());
                    }))
            .client(c -> c.connect().read(2).send("x").readToEnd()));
  }
}
