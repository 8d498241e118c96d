package socketserver.differential;

import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.tcp;

import java.util.List;

/** request.recv and what belongs to it. */
final class Receiving {
  private Receiving() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("recv(n) gives what has come, at most n bytes, and the rest next time")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        arrived(self.request, 6)
                        say(self.request.recv(4))
                        say(self.request.recv(1024))
                        self.request.sendall(b'more')
                        say(self.request.recv(1024))
                        say(self.request.recv(1024))
                        say(self.request.recv(1024))
                """)
            .java(
                plain(
                    h -> {
                      h.arrived(h.request, 6);
                      h.say(h.request.recv(4));
                      h.say(h.request.recv(1024));
                      h.request.sendall("more");
                      h.say(h.request.recv(1024));
                      h.say(h.request.recv(1024));
                      h.say(h.request.recv(1024));
                    }))
            .client(c -> c.connect().send("abcdef").read(4).send("g").shutdownWrite().readToEnd()),
        tcp("recv(0) is empty without waiting, and a negative size is refused")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        attempt("recv(0)", lambda: self.request.recv(0))
                        attempt("recv(-1)", lambda: self.request.recv(-1))
                        self.request.sendall(b'x')
                """)
            .java(
                plain(
                    h -> {
                      h.attempt("recv(0)", () -> h.request.recv(0));
                      h.attempt("recv(-1)", () -> h.request.recv(-1));
                      h.request.sendall("x");
                    }))
            .client(c -> c.connect().read(1).readToEnd()),
        tcp("recv_into fills what it is given, from the start or from an offset")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        arrived(self.request, 5)
                        target = bytearray(b'........')
                        say(self.request.recv_into(target, 2), target)
                        say(self.request.recv_into(memoryview(target)[4:]), target)
                        say(self.request.recv_into(bytearray(0)))
                        say(self.request.recv_into(target), target)
                """)
            .java(
                plain(
                    h -> {
                      h.arrived(h.request, 5);
                      byte[] target = Shown.latin1("........");
                      h.say(h.request.recvInto(target, 0, 2), target);
                      h.say(h.request.recvInto(target, 4, 4), target);
                      h.say(h.request.recvInto(new byte[0]));
                      h.say(h.request.recvInto(target), target);
                    }))
            .client(c -> c.connect().send("abcde").shutdownWrite().readToEnd()),
        tcp("the end of the stream is received again and again")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        for n in range(4):
                            say(self.request.recv(10))
                        say(self.request.recv_into(bytearray(3)))
                        self.request.setblocking(False)
                        attempt("recv", lambda: self.request.recv(10))
                """)
            .java(
                plain(
                    h -> {
                      for (int n = 0; n < 4; n++) {
                        h.say(h.request.recv(10));
                      }
                      h.say(h.request.recvInto(new byte[3]));
                      h.request.setblocking(false);
                      h.attempt("recv", () -> h.request.recv(10));
                    }))
            .client(c -> c.connect().send("a").shutdownWrite().readToEnd()),
        tcp("a client that connects and says nothing, and leaves, is an empty stream")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say(self.request.recv(10))
                """)
            .java(plain(h -> h.say(h.request.recv(10))))
            .client(
                c -> {
                  c.connect().close();
                  c.await("close_request");
                }),
        tcp("the request knows both addresses")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say(self.request.getpeername() == self.client_address)
                        say(self.request.getsockname() == self.server.server_address)
                        say(self.request.fileno() >= 0)
                """)
            .java(
                plain(
                    h -> {
                      h.say(h.request.getpeername().equals(h.clientAddress));
                      h.say(h.request.getsockname().equals(h.server.serverAddress()));
                      h.say(h.request.fileno() >= 0);
                    }))
            .client(c -> c.connect().readToEnd()),
        tcp("the addresses' hosts are in numbers")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say(self.client_address[0], self.request.getsockname()[0])
                """)
            .java(plain(h -> h.say(h.clientHost(), h.server.serverHost())))
            .client(c -> c.connect().readToEnd()),
        tcp("half a megabyte is received whole in pieces of at most 1000 bytes")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        data = bytearray()
                        longest = 0
                        while True:
                            piece = self.request.recv(1000)
                            if not piece:
                                break
                            longest = max(longest, len(piece))
                            data += piece
                        say(longest, data)
                """)
            .java(
                plain(
                    h -> {
                      var data = new java.io.ByteArrayOutputStream();
                      int longest = 0;
                      for (byte[] piece = h.request.recv(1000);
                          piece.length > 0;
                          piece = h.request.recv(1000)) {
                        longest = Math.max(longest, piece.length);
                        data.write(piece);
                      }
                      h.say(longest, data.toByteArray());
                    }))
            .client(
                c -> {
                  byte[] data = new byte[1 << 19];
                  new java.util.Random(2).nextBytes(data);
                  c.connect().send(data).shutdownWrite().readToEnd();
                }));
  }
}
