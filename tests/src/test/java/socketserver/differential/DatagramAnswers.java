package socketserver.differential;

import static socketserver.differential.DatagramHandling.datagram;
import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.threadingUdp;
import static socketserver.differential.Scenario.udp;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import socketserver.DatagramRequest;
import socketserver.HandlerFactory;

/** UDP: what is sent back, by whom, and what happens when that fails. */
final class DatagramAnswers {
  private DatagramAnswers() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        udp("all that was written is one datagram, sent by finish")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        self.wfile.write(b'one ')
                        self.wfile.write(b'two ')
                        self.wfile.flush()
                        self.wfile.writelines([b'three', b'\\n'])
                        say(self.wfile.getvalue())
                """)
            .java(
                datagram(
                    h -> {
                      h.wfile.write("one ");
                      h.wfile.write("two ");
                      h.wfile.flush();
                      h.wfile.writelines("three", "\n");
                      h.say(h.wfile.toByteArray());
                    }))
            .client(c -> c.datagrams().send("x").receive()),
        udp("a handler that writes nothing sends an empty datagram")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        pass
                """)
            .java(datagram(h -> {}))
            .client(c -> c.datagrams().send("x").receive()),
        udp("a plain handler that sends nothing sends nothing")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        if self.request[0] == b'answer':
                            self.request[1].sendto(b'here', self.client_address)
                """)
            .java(
                plain(
                    h -> {
                      if (new String(h.request.data()).equals("answer")) {
                        h.request.socket().sendto("here", h.clientAddress);
                      }
                    }))
            .client(c -> c.datagrams().send("listen").send("answer").receive()),
        udp("a handler that fails still sends what it has written")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        self.wfile.write(b'half')
                        raise ValueError('no more')
                """)
            .java(
                datagram(
                    h -> {
                      h.wfile.write("half");
                      throw new IllegalArgumentException("no more");
                    }))
            .client(c -> c.datagrams().send("x").receive().send("y").receive()),
        udp("an answer longer than a datagram can be is an error, and the server goes on")
            .only(Family.INET)
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        self.wfile.write(bytes(int(self.packet)))
                """)
            .java(datagram(h -> h.wfile.write(new byte[Integer.parseInt(new String(h.packet))])))
            .client(c -> c.datagrams().send("65508").send("3").receive()),
        udp("a handler sends several datagrams, each by itself")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        for text in (b'one', b'', b'three'):
                            self.request[1].sendto(text, self.client_address)
                """)
            .java(
                plain(
                    h -> {
                      for (String text : new String[] {"one", "", "three"}) {
                        h.request.socket().sendto(text, h.clientAddress);
                      }
                    }))
            .client(c -> c.datagrams().send("x").receive().receive().receive()),
        udp("a handler sends to a client other than the one that asked")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        for known in self.server.known:
                            self.request[1].sendto(self.request[0], known)
                        self.server.known.append(self.client_address)
                        say(len(self.server.known))
                class Server(UDPServer):
                    known = []
                """)
            .java(
                plain(
                    h -> {
                      var known = h.server(KnowingServer.class).known;
                      for (SocketAddress address : known) {
                        h.request.socket().sendto(h.request.data(), address);
                      }
                      known.add(h.clientAddress);
                      h.say(known.size());
                    }))
            .javaServer(KnowingServer::new)
            .client(
                c -> {
                  DatagramPeer first = c.datagrams().send("I am here");
                  c.await("1");
                  DatagramPeer second = c.datagrams().send("me too");
                  first.receive();
                  c.await("2");
                  c.datagrams().send("and me");
                  second.receive();
                  first.receive();
                }),
        udp("an answer to a client that is gone disturbs nobody")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        if self.packet == b'leaving':
                            gate("client has gone")
                        self.wfile.write(b're: ' + self.packet)
                """)
            .java(
                datagram(
                    h -> {
                      if (new String(h.packet).equals("leaving")) {
                        h.gate("client has gone");
                      }
                      h.wfile.write("re: ");
                      h.wfile.write(h.packet);
                    }))
            .client(
                c -> {
                  c.datagrams().send("leaving").close();
                  c.open("client has gone");
                  c.datagrams().send("staying").receive().send("still staying").receive();
                }),
        threadingUdp("requests in threads answer by the server's own socket, each its own client")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        say("have " + self.packet.decode())
                        gate(self.packet.decode())
                        self.wfile.write(b're: ' + self.packet)
                """)
            .java(
                datagram(
                    h -> {
                      String text = new String(h.packet);
                      h.say("have " + text);
                      h.gate(text);
                      h.wfile.write("re: " + text);
                    }))
            .client(
                c -> {
                  DatagramPeer first = c.datagrams().send("first");
                  DatagramPeer second = c.datagrams().send("second");
                  c.await("have first").await("have second");
                  c.open("second");
                  second.receive();
                  c.open("first");
                  first.receive();
                  c.await("close_request", 2);
                }),
        threadingUdp("a datagram's handler fails in its thread")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        self.wfile.write(b'sorry')
                        raise OSError('no')
                """)
            .java(
                datagram(
                    h -> {
                      h.wfile.write("sorry");
                      throw new IOException("no");
                    }))
            .client(
                c -> {
                  c.datagrams().send("x").receive();
                  c.await("close_request");
                }),
        threadingUdp("a request that still runs when the server is closed")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        say("working")
                        gate("go on")
                        while self.server.fileno() >= 0:
                            pass
                        self.wfile.write(b'at last')
                def main(server):
                    server.handle_request()
                    gate("handler runs")
                    server.server_close()
                """)
            .java(
                datagram(
                    h -> {
                      h.say("working");
                      h.gate("go on");
                      h.wfile.write("at last");
                    }))
            .javaMain(
                (server, run) -> {
                  server.handleRequest();
                  run.gate("handler runs");
                  server.serverClose();
                })
            .client(
                c -> {
                  DatagramPeer peer = c.datagrams().send("x");
                  c.await("working");
                  c.open("handler runs");
                  c.await("server_close");
                  c.open("go on");
                  c.await("close_request");
                  peer.glance();
                })
            .differs(
                "serverClose of a datagram server waits for the requests before it closes the"
                    + " socket, so that they can answer; Python closes first",
                """
                client 1: nothing received
                for client 1: handle_error OSError
                """,
                "client 1: received 'at last' from the server"));
  }

  /** Knows the addresses of all its clients. */
  private static final class KnowingServer extends TracedUDPServer {
    private final ConcurrentLinkedQueue<SocketAddress> known = new ConcurrentLinkedQueue<>();

    KnowingServer(Run run, HandlerFactory<DatagramRequest> handler) throws IOException {
      super(run, handler);
    }
  }
}
