package socketserver.differential;

import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.tcp;
import static socketserver.differential.StreamHandling.stream;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;

/** What makes the handlers, and what they share. */
final class Factories {
  private Factories() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("a lambda makes the handlers")
            .python(
                """
                class Greeting(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'hello')
                Handler = lambda request, address, server: traced(Greeting)(request, address, server)
                """)
            .java(() -> stream(h -> h.wfile.write("hello")).newHandler())
            .client(c -> c.connect().readToEnd()),
        tcp("a partial gives the handlers an argument")
            .python(
                """
                class Greeting(StreamRequestHandler):
                    def __init__(self, greeting, *args):
                        self.greeting = greeting
                        super().__init__(*args)
                    def handle(self):
                        self.wfile.write(self.greeting)
                Handler = functools.partial(traced(Greeting), b'good morning')
                """)
            .java(greeting("good morning"))
            .client(c -> c.connect().readToEnd()),
        tcp("finish_request overridden gives the handlers an argument")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def __init__(self, greeting, *args):
                        self.greeting = greeting
                        super().__init__(*args)
                    def handle(self):
                        self.wfile.write(self.greeting)
                class Server(TCPServer):
                    def finish_request(self, request, client_address):
                        self.RequestHandlerClass(b'good evening', request, client_address, self)
                """)
            .java(plain(h -> {}))
            .javaServer(
                (run, handler) ->
                    new TracedTCPServer(run, handler) {
                      @Override
                      public void finishRequest(StreamSocket request, SocketAddress client)
                          throws Exception {
                        say("finish_request");
                        stream(h -> h.wfile.write("good evening"))
                            .newHandler()
                            .run(request, client, this);
                      }
                    })
            .client(c -> c.connect().readToEnd()),
        tcp("the factory is asked for each request, and can be replaced")
            .python(
                """
                class Second(BaseRequestHandler):
                    def handle(self):
                        self.request.sendall(b'second')
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.server.RequestHandlerClass = traced(Second)
                        self.request.sendall(b'first')
                """)
            .java(
                plain(
                    h -> {
                      Handling<StreamSocket> second = plain(then -> then.request.sendall("second"));
                      h.server(TCPServer.class).requestHandler(second::newHandler);
                      h.request.sendall("first");
                    }))
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.connect().readToEnd();
                }),
        tcp("a factory that fails is handled like a handler that fails")
            .python(
                """
                def Handler(request, client_address, server):
                    raise ValueError('no handlers today')
                """)
            .java(
                () -> {
                  throw new IllegalArgumentException("no handlers today");
                })
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.connect().readToEnd();
                }),
        tcp("each request has a handler of its own")
            .python(
                """
                class Handler(BaseRequestHandler):
                    count = 0
                    def handle(self):
                        self.count += 1
                        say(self.count)
                """)
            .java(
                () -> {
                  AtomicInteger count = new AtomicInteger();
                  Handling<StreamSocket> handling = plain(h -> h.say(count.incrementAndGet()));
                  return handling.newHandler();
                })
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.connect().readToEnd();
                }),
        tcp("handlers share what the server keeps")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.server.count += 1
                        self.request.sendall(b'you are number %d' % self.server.count)
                class Server(TCPServer):
                    count = 0
                """)
            .java(
                plain(
                    h -> {
                      int number = ++h.server(CountingServer.class).count;
                      h.request.sendall("you are number " + number);
                    }))
            .javaServer(CountingServer::new)
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.connect().readToEnd();
                  c.connect().readToEnd();
                }),
        tcp("handler fields are there before setup")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def setup(self):
                        say(self.request is not None, self.request.getpeername() == self.client_address)
                        say(self.server.server_address == self.request.getsockname())
                        super().setup()
                """)
            .java(
                stream(h -> {})
                    .setup(
                        h -> {
                          h.say(h.request != null, h.request.getpeername().equals(h.clientAddress));
                          h.say(h.server.serverAddress().equals(h.request.getsockname()));
                          h.superSetup();
                        }))
            .client(c -> c.connect().readToEnd()));
  }

  /** A handler with an argument, as a lambda that gives it. */
  private static Handling<StreamSocket> greeting(String text) {
    return () -> stream(h -> h.wfile.write(text)).newHandler();
  }

  /** Counts its requests. */
  private static final class CountingServer extends TracedTCPServer {
    /** Used by the serving thread alone. */
    private int count;

    CountingServer(Run run, HandlerFactory<StreamSocket> handler) throws IOException {
      super(run, handler);
    }
  }
}
