package socketserver.differential;

import static socketserver.differential.DatagramHandling.datagram;
import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.threadingUdp;
import static socketserver.differential.Scenario.udp;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import socketserver.DatagramRequest;

/** UDP: which hooks are called for a datagram. */
final class DatagramHooks {
  private DatagramHooks() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        udp("a datagram is a request, from beginning to end")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        self.wfile.write(b're: ' + self.rfile.readline())
                """)
            .java(
                datagram(
                    h -> {
                      byte[] line = h.rfile.readline();
                      h.wfile.write("re: ");
                      h.wfile.write(line);
                    }))
            .client(c -> c.datagrams().send("hello").receive()),
        threadingUdp("a datagram is a request, from beginning to end, in a thread")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        self.wfile.write(b're: ' + self.rfile.readline())
                """)
            .java(
                datagram(
                    h -> {
                      byte[] line = h.rfile.readline();
                      h.wfile.write("re: ");
                      h.wfile.write(line);
                    }))
            .client(
                c -> {
                  c.datagrams().send("hello").receive();
                  c.await("close_request");
                }),
        udp("a datagram that verify_request refuses is not answered")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        self.wfile.write(self.packet)
                class Server(UDPServer):
                    def verify_request(self, request, client_address):
                        return request[0] != b'spam'
                """)
            .java(datagram(h -> h.wfile.write(h.packet)))
            .javaServer(
                (run, handler) ->
                    new TracedUDPServer(run, handler) {
                      @Override
                      public boolean verifyRequest(DatagramRequest request, SocketAddress client)
                          throws Exception {
                        super.verifyRequest(request, client);
                        return !new String(request.data()).equals("spam");
                      }
                    })
            .client(c -> c.datagrams().send("spam").send("ham").receive()),
        udp("handle_request handles one datagram, and times out without one")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        self.wfile.write(self.packet)
                def main(server):
                    server.handle_request()
                    say("returned")
                    server.timeout = 0.02
                    server.handle_request()
                    say("returned again")
                """)
            .java(datagram(h -> h.wfile.write(h.packet)))
            .javaMain(
                (server, run) -> {
                  server.handleRequest();
                  run.say("returned");
                  server.timeout(Duration.ofMillis(20));
                  server.handleRequest();
                  run.say("returned again");
                })
            .client(
                c -> {
                  c.datagrams().send("x").receive();
                  c.await("returned again");
                }),
        udp("a server of datagrams does not listen, and closes its socket once")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    say(server.server_address == server.socket.getsockname())
                    server.server_close()
                    say(server.fileno())
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  run.say(server.serverAddress().equals(server.socket().getsockname()));
                  server.serverClose();
                  run.say(server.fileno());
                }),
        udp("an OSError of get_request loses the datagram and nothing else")
            .python(
                """
                class Handler(DatagramRequestHandler):
                    def handle(self):
                        self.wfile.write(self.packet)
                class Server(UDPServer):
                    def get_request(self):
                        request, client_address = super().get_request()
                        if request[0] == b'bad':
                            raise OSError('not this one')
                        return request, client_address
                """)
            .java(datagram(h -> h.wfile.write(h.packet)))
            .javaServer(
                (run, handler) ->
                    new TracedUDPServer(run, handler) {
                      @Override
                      public socketserver.Accepted<DatagramRequest> takeRequest()
                          throws IOException {
                        var accepted = super.takeRequest();
                        if (new String(accepted.request().data()).equals("bad")) {
                          throw new IOException("not this one");
                        }
                        return accepted;
                      }
                    })
            .client(c -> c.datagrams().send("bad").send("good").receive()));
  }
}
