package socketserver.differential;

import static socketserver.differential.DatagramHandling.datagram;
import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.udp;

import java.util.List;
import socketserver.UDPServer;

/** UDP: what arrives, and which hooks are called for it. */
final class Datagrams {
  private Datagrams() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        udp("the request of a plain handler is the data and the server's socket")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        data, sock = self.request
                        say(data, sock is self.server.socket)
                        say(sock.sendto(data.upper(), self.client_address))
                """)
            .java(
                plain(
                    h -> {
                      byte[] data = h.request.data();
                      var sock = h.request.socket();
                      h.say(data, sock == h.server(UDPServer.class).socket());
                      h.say(
                          sock.sendto(
                              new String(data).toUpperCase(java.util.Locale.ROOT),
                              h.clientAddress));
                    }))
            .client(c -> c.datagrams().send("data").receive()),
        udp("the client's host is in numbers")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say(self.client_address[0])
                """)
            .java(plain(h -> h.say(h.clientHost())))
            .client(
                c -> {
                  c.datagrams().send("data");
                  c.await("close_request");
                }),
        udp("an empty datagram is a request like any other")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        data, sock = self.request
                        sock.sendto(b'%d bytes' % len(data), self.client_address)
                """)
            .java(
                plain(
                    h ->
                        h.request
                            .socket()
                            .sendto(h.request.data().length + " bytes", h.clientAddress)))
            .client(c -> c.datagrams().send("").receive().send("x").receive()),
        udp("a datagram longer than max_packet_size is cut, and the rest is lost")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        say(self.packet)
                        self.wfile.write(self.rfile.read())
                class Server(UDPServer):
                    max_packet_size = 4
                """)
            .java(
                datagram(
                    h -> {
                      h.say(h.packet);
                      h.wfile.write(h.rfile.readAllBytes());
                    }))
            .javaServer(
                (run, handler) ->
                    new TracedUDPServer(run, handler) {
                      @Override
                      public int maxPacketSize() {
                        return 4;
                      }
                    })
            .client(
                c ->
                    c.datagrams()
                        .send("abcdefgh")
                        .receive()
                        .send("abcd")
                        .receive()
                        .send("x")
                        .receive()),
        udp("the default max_packet_size is 8192")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        say(self.server.max_packet_size, len(self.packet))
                """)
            .java(datagram(h -> h.say(h.server(UDPServer.class).maxPacketSize(), h.packet.length)))
            .client(
                c -> c.datagrams().send(new byte[8192]).receive().send(new byte[8193]).receive()),
        udp("max_packet_size is read for each datagram")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        say(self.packet)
                        self.server.max_packet_size = 2
                """)
            .java(
                datagram(
                    h -> {
                      h.say(h.packet);
                      h.server(UDPServer.class).maxPacketSize(2);
                    }))
            .client(c -> c.datagrams().send("abcd").receive().send("abcd").receive()),
        udp("the largest datagram comes and goes whole")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        self.wfile.write(self.rfile.read())
                class Server(UDPServer):
                    max_packet_size = 65535
                """)
            .java(datagram(h -> h.wfile.write(h.rfile.readAllBytes())))
            .javaServer(
                (run, handler) ->
                    new TracedUDPServer(run, handler) {
                      @Override
                      public int maxPacketSize() {
                        return 65535;
                      }
                    })
            .client(
                c -> {
                  byte[] data = new byte[65507];
                  new java.util.Random(3).nextBytes(data);
                  c.datagrams().send(data).receive();
                }),
        udp("datagrams that wait are handled in their order")
            .inServersProcess()
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        if self.request[0] == b'first':
                            gate("all are sent")
                        say(self.request[0])
                        self.request[1].sendto(self.request[0], self.client_address)
                """)
            .java(
                plain(
                    h -> {
                      if (new String(h.request.data()).equals("first")) {
                        h.gate("all are sent");
                      }
                      h.say(h.request.data());
                      h.request.socket().sendto(h.request.data(), h.clientAddress);
                    }))
            .client(
                c -> {
                  DatagramPeer peer =
                      c.datagrams().send("first").send("second").send("").send("fourth");
                  c.open("all are sent");
                  peer.receive().receive().receive().receive();
                }),
        udp("the datagram's rfile gives lines, bytes and an end")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        say(self.rfile.readline())
                        say(self.rfile.read(3))
                        say(self.rfile.readline(2))
                        say(self.rfile.readlines())
                        say(self.rfile.read(1), self.rfile.readline())
                """)
            .java(
                datagram(
                    h -> {
                      h.say(h.rfile.readline());
                      h.say(h.rfile.read(3));
                      h.say(h.rfile.readline(2));
                      h.say(h.rfile.readlines());
                      h.say(h.rfile.read(1), h.rfile.readline());
                    }))
            .client(c -> c.datagrams().send("one\r\ntwo\nthree\nfour").receive()),
        udp("two clients each get their own answer")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        self.wfile.write(b're: ' + self.packet)
                """)
            .java(
                datagram(
                    h -> {
                      h.wfile.write("re: ");
                      h.wfile.write(h.packet);
                    }))
            .client(
                c -> {
                  DatagramPeer first = c.datagrams();
                  DatagramPeer second = c.datagrams();
                  first.send("a");
                  second.send("b").receive();
                  first.receive();
                }),
        udp("a handler receives another datagram by itself")
            .inServersProcess()
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        data, sock = self.request
                        sock.sendto(b'and?', self.client_address)
                        more, sender = sock.recvfrom(3)
                        say(data, more, sender == self.client_address)
                """)
            .java(
                plain(
                    h -> {
                      var sock = h.request.socket();
                      sock.sendto("and?", h.clientAddress);
                      var more = sock.recvfrom(3);
                      h.say(h.request.data(), more.data(), more.address().equals(h.clientAddress));
                    }))
            .client(
                c -> {
                  c.datagrams().send("one").receive().send("two, cut");
                  c.await("close_request");
                }));
  }
}
