package socketserver.differential;

import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.tcp;

import java.time.Duration;
import java.util.List;

/** handle_request: one request, and how long it is waited for. */
final class HandleRequest {
  private HandleRequest() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("handle_request handles one request and returns")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.sendall(b'one')
                def main(server):
                    server.handle_request()
                    say("returned")
                    server.handle_request()
                    say("returned again")
                """)
            .java(plain(h -> h.request.sendall("one")))
            .javaMain(
                (server, run) -> {
                  server.handleRequest();
                  run.say("returned");
                  server.handleRequest();
                  run.say("returned again");
                })
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.await("returned");
                  c.connect().readToEnd();
                }),
        tcp("handle_request handles a client that came and left before")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        say(self.request.recv(10))
                        say(self.request.recv(10))
                def main(server):
                    gate("client has gone")
                    server.handle_request()
                    say("returned")
                """)
            .java(
                plain(
                    h -> {
                      h.say(h.request.recv(10));
                      h.say(h.request.recv(10));
                    }))
            .javaMain(
                (server, run) -> {
                  run.gate("client has gone");
                  server.handleRequest();
                  run.say("returned");
                })
            .client(
                c -> {
                  c.connect().send("bye").close();
                  c.open("client has gone");
                }),
        tcp("handle_request calls handle_timeout when the time is over, each time")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    server.timeout = 0.03
                    server.handle_request()
                    say("returned")
                    server.timeout = 0
                    server.handle_request()
                    say("returned again")
                    server.timeout = 30
                    say("waiting")
                    server.handle_request()
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  server.timeout(Duration.ofMillis(30));
                  server.handleRequest();
                  run.say("returned");
                  server.timeout(Duration.ZERO);
                  server.handleRequest();
                  run.say("returned again");
                  server.timeout(Duration.ofSeconds(30));
                  run.say("waiting");
                  server.handleRequest();
                })
            .client(
                c -> {
                  c.await("waiting");
                  c.connect().readToEndTimed(Duration.ofSeconds(30));
                }),
        tcp("handle_request waits for the shorter of the server's and the socket's time-out")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                def main(server):
                    server.timeout = 30
                    server.socket.settimeout(0.02)
                    server.handle_request()
                    server.timeout = 0.02
                    server.socket.settimeout(30)
                    server.handle_request()
                    server.timeout = None
                    server.socket.settimeout(0.02)
                    server.handle_request()
                    say("returned three times")
                """)
            .java(plain(h -> {}))
            .javaMain(
                (server, run) -> {
                  server.timeout(Duration.ofSeconds(30));
                  server.socket().settimeout(Duration.ofMillis(20));
                  server.handleRequest();
                  server.timeout(Duration.ofMillis(20));
                  server.socket().settimeout(Duration.ofSeconds(30));
                  server.handleRequest();
                  server.timeout(null);
                  server.socket().settimeout(Duration.ofMillis(20));
                  server.handleRequest();
                  run.say("returned three times");
                })
            .client(c -> c.await("returned three times")),
        tcp("an exception of handle_timeout comes out of handle_request")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                class Server(TCPServer):
                    timeout = 0.02
                    def handle_timeout(self):
                        raise ValueError('nobody came')
                def main(server):
                    attempt("handle_request", server.handle_request)
                """)
            .java(plain(h -> {}))
            .javaServer(
                (run, handler) ->
                    new TracedTCPServer(run, handler) {
                      @Override
                      public java.time.Duration timeout() {
                        return java.time.Duration.ofMillis(20);
                      }

                      @Override
                      public void handleTimeout() throws Exception {
                        super.handleTimeout();
                        throw new IllegalArgumentException("nobody came");
                      }
                    })
            .javaMain(
                (server, run) ->
                    run.attempt(
                        "handle_request",
                        () -> {
                          server.handleRequest();
                          return null;
                        }))
            .client(c -> c.await("handle_request: ValueError")));
  }
}
