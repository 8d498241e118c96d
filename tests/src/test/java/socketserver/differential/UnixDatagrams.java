package socketserver.differential;

import static socketserver.differential.DatagramHandling.datagram;
import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.udp;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import socketserver.UnixAddress;
import socketserver.UnixDatagramServer;

/** What only Unix datagram sockets have: paths, and clients without one. */
final class UnixDatagrams {
  private UnixDatagrams() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        udp("a client that is bound to no path is unnamed, None in Python")
            .only(Family.UNIX)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say(self.request[0], self.client_address is None)
                """)
            .java(plain(h -> h.say(h.request.data(), h.clientAddress.equals(UnixAddress.UNNAMED))))
            .client(
                c -> {
                  c.unnamedDatagrams().send("from nowhere");
                  c.await("close_request");
                }),
        udp("an answer to an unnamed client goes nowhere")
            .only(Family.UNIX)
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        self.wfile.write(self.rfile.read())
                """)
            .java(datagram(h -> h.wfile.write(h.rfile.readAllBytes())))
            .client(
                c -> {
                  c.unnamedDatagrams().send("lost");
                  c.await("close_request");
                  c.datagrams().send("found").receive();
                })
            .differs(
                "an answer to an unnamed client is dropped with a DEBUG line; Python's fails",
                "server: handle_error TypeError",
                ""),
        udp("the handler cannot send to an unnamed client")
            .only(Family.UNIX)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        try:
                            self.request[1].sendto(b'answer', self.client_address)
                        except (TypeError, OSError):
                            say("failed")
                """)
            .java(
                plain(
                    h -> {
                      try {
                        h.request.socket().sendto("answer", h.clientAddress);
                      } catch (java.io.IOException e) {
                        h.say("failed");
                      }
                    }))
            .client(
                c -> {
                  c.unnamedDatagrams().send("x");
                  c.await("close_request");
                }),
        udp("a datagram may be longer than one of UDP")
            .only(Family.UNIX)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        data, sock = self.request
                        say(data)
                        say(sock.sendto(data[:90000], self.client_address))
                class Server(UDPServer):
                    max_packet_size = 200000
                """)
            .java(
                plain(
                    h -> {
                      h.say(h.request.data());
                      byte[] part = java.util.Arrays.copyOf(h.request.data(), 90000);
                      h.say(h.request.socket().sendto(part, h.clientAddress));
                    }))
            .javaServer(
                (run, handler) ->
                    new TracedUnixDatagramServer(run, handler) {
                      @Override
                      public int maxPacketSize() {
                        return 200000;
                      }
                    })
            .client(c -> c.datagrams().send("long".repeat(25000)).receive()),
        udp("an answer longer than the socket's buffer is an error, and the server goes on")
            .only(Family.UNIX)
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        self.wfile.write(bytes(int(self.packet)))
                """)
            .java(datagram(h -> h.wfile.write(new byte[Integer.parseInt(new String(h.packet))])))
            .client(c -> c.datagrams().send("10000000").send("3").receive()),
        udp("the file stays when the server closes, and keeps others from its path")
            .only(Family.UNIX)
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    path = server.server_address
                    say(os.path.basename(path), path == server.socket.getsockname())
                    attempt("while it is open", lambda: UDPServer(path, Handler))
                    server.server_close()
                    say(os.path.exists(path))
                    attempt("when it is closed", lambda: UDPServer(path, Handler))
                    os.unlink(path)
                    with UDPServer(path, Handler) as another:
                        say(another.server_address == path)
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  var address = (UnixAddress) server.serverAddress();
                  Path path = Path.of(address.path());
                  run.say(path.getFileName(), address.equals(server.socket().getsockname()));
                  Speaker.Action another =
                      () -> new UnixDatagramServer(path, server.requestHandler());
                  run.attempt("while it is open", another);
                  server.serverClose();
                  run.say(Files.exists(path));
                  run.attempt("when it is closed", another);
                  Files.delete(path);
                  try (var third = new UnixDatagramServer(path, server.requestHandler())) {
                    run.say(third.serverAddress().equals(address));
                  }
                }));
  }
}
