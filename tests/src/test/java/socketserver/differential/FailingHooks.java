package socketserver.differential;

import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.tcp;
import static socketserver.differential.Scenario.threadingTcp;
import static socketserver.differential.StreamHandling.stream;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import socketserver.Accepted;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;

/** Exceptions in the server's own hooks, and those that are no Exception. */
final class FailingHooks {
  private FailingHooks() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("an OSError of get_request is nobody's request, and the server goes on")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.sendall(b'served')
                class Server(TCPServer):
                    taken = 0
                    def get_request(self):
                        request, client_address = super().get_request()
                        self.taken += 1
                        if self.taken == 1:
                            request.close()
                            raise OSError('not this one')
                        return request, client_address
                """)
            .java(plain(h -> h.request.sendall("served")))
            .javaServer((run, handler) -> new TakingServer(run, handler, new IOException("no")))
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.connect().readToEnd();
                }),
        tcp("another exception of get_request")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                class Server(TCPServer):
                    taken = 0
                    def get_request(self):
                        request, client_address = super().get_request()
                        self.taken += 1
                        if self.taken == 1:
                            request.close()
                            raise ValueError('not this one')
                        return request, client_address
                """)
            .java(plain(h -> {}))
            .javaServer(
                (run, handler) ->
                    new TakingServer(run, handler, new IllegalArgumentException("no")))
            .client(c -> c.connect().readToEnd())
            .differs(
                "an exception in getRequest is logged and the server goes on;"
                    + " Python's leaves the loop",
                "server: serve_forever raised ValueError",
                ""),
        tcp("an exception of verify_request")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                class Server(TCPServer):
                    def verify_request(self, request, client_address):
                        raise ValueError('cannot tell')
                """)
            .java(plain(h -> {}))
            .javaServer(
                (run, handler) ->
                    new TracedTCPServer(run, handler) {
                      @Override
                      public boolean verifyRequest(StreamSocket request, SocketAddress client) {
                        say("verify_request");
                        throw new IllegalArgumentException("cannot tell");
                      }
                    })
            .client(c -> c.connect().readToEnd())
            .differs(
                "an exception in verifyRequest is contained and the request closed;"
                    + " Python's leaves the loop",
                "server: serve_forever raised ValueError",
                """
                for client 1: handle_error ValueError
                for client 1: shutdown_request
                for client 1: close_request
                """),
        tcp("an exception of process_request is handled, and the request shut down")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                class Server(TCPServer):
                    def process_request(self, request, client_address):
                        raise ValueError('not now')
                """)
            .java(plain(h -> {}))
            .javaServer(
                (run, handler) ->
                    new TracedTCPServer(run, handler) {
                      @Override
                      public void processRequest(StreamSocket request, SocketAddress client) {
                        say("process_request");
                        throw new IllegalArgumentException("not now");
                      }
                    })
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.connect().readToEnd();
                }),
        threadingTcp("an exception of finish_request is handled in its thread")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                class Server(ThreadingTCPServer):
                    def finish_request(self, request, client_address):
                        raise OSError('not now')
                """)
            .java(plain(h -> {}))
            .javaServer(
                (run, handler) ->
                    new TracedThreadingTCPServer(run, handler) {
                      @Override
                      public void finishRequest(StreamSocket request, SocketAddress client)
                          throws Exception {
                        say("finish_request");
                        throw new IOException("not now");
                      }
                    })
            .client(c -> c.connect().readToEnd()),
        tcp("shutdown_request fails after a request that went well, and is called again")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        self.request.sendall(b'fine')
                class Server(TCPServer):
                    failed = False
                    def shutdown_request(self, request):
                        if not self.failed:
                            self.failed = True
                            raise ValueError('once')
                        super().shutdown_request(request)
                """)
            .java(plain(h -> h.request.sendall("fine")))
            .javaServer(
                (run, handler) ->
                    new TracedTCPServer(run, handler) {
                      private boolean failed;

                      @Override
                      public void shutdownRequest(StreamSocket request) {
                        if (!failed) {
                          failed = true;
                          say("shutdown_request");
                          throw new IllegalArgumentException("once");
                        }
                        super.shutdownRequest(request);
                      }
                    })
            .client(c -> c.connect().readToEnd()),
        tcp("an exception of handle_error")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        raise OSError('first')
                class Server(TCPServer):
                    def handle_error(self, request, client_address):
                        raise ValueError('second')
                """)
            .java(
                plain(
                    h -> {
                      throw new IOException("first");
                    }))
            .javaServer(
                (run, handler) ->
                    new TracedTCPServer(run, handler) {
                      @Override
                      public void handleError(
                          StreamSocket request, SocketAddress client, Throwable error) {
                        super.handleError(request, client, error);
                        throw new IllegalArgumentException("second");
                      }
                    })
            .client(c -> c.connect().readToEnd())
            .differs(
                "an exception in handleError leaves the loop, as Python's does, but the request"
                    + " is closed before",
                "",
                """
                for client 1: shutdown_request
                for client 1: close_request
                """),
        tcp("an assertion that fails is handled, and the server goes on")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        raise AssertionError('no')
                """)
            .java(
                plain(
                    h -> {
                      throw new AssertionError("no");
                    }))
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.connect().readToEnd();
                }),
        threadingTcp("so is a recursion without an end, in its thread")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        raise RecursionError('too deep')
                """)
            .java(
                plain(
                    h -> {
                      throw new StackOverflowError("too deep");
                    }))
            .client(c -> c.connect().readToEnd()),
        tcp("what handle_error raises again ends serve_forever")
            .inServersProcess()
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        raise ValueError('for the caller')
                class Server(TCPServer):
                    def handle_error(self, request, client_address):
                        raise
                """)
            .java(
                plain(
                    h -> {
                      throw new IllegalArgumentException("for the caller");
                    }))
            .javaServer(
                (run, handler) ->
                    new TracedTCPServer(run, handler) {
                      @Override
                      public void handleError(
                          StreamSocket request, SocketAddress client, Throwable error) {
                        super.handleError(request, client, error);
                        throw (RuntimeException) error;
                      }
                    })
            .client(
                c -> {
                  c.connect().readToEnd();
                  c.await("serve_forever raised ValueError");
                })
            .differs(
                "the request is closed before the exception leaves the loop",
                "",
                """
                for client 1: shutdown_request
                for client 1: close_request
                """),
        tcp("what is no Exception in Python")
            .inServersProcess()
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        raise SystemExit(3)
                """)
            .java(
                plain(
                    h -> {
                      throw new SystemExit();
                    }))
            .client(c -> c.connect().readToEnd())
            .differs(
                "whatever a Java handler throws is handled, and the server goes on",
                "server: serve_forever raised SystemExit",
                "for client 1: handle_error SystemExit"),
        threadingTcp("what is no Exception in Python, in a thread: the server goes on")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        if self.rfile.readline() == b'leave\\n':
                            raise SystemExit(3)
                        self.wfile.write(b'still here')
                """)
            .java(
                stream(
                    h -> {
                      if (new String(h.rfile.readline()).equals("leave\n")) {
                        throw new SystemExit();
                      }
                      h.wfile.write("still here");
                    }))
            .client(
                c -> {
                  c.connect().send("leave\n").readToEnd();
                  c.connect().send("stay\n").readToEnd();
                })
            .differs(
                "whatever a Java handler throws is handled",
                "",
                "for client 1: handle_error SystemExit"),
        tcp("an exception of service_actions")
            .python(
                """
                class Handler(BaseRequestHandler):
                    pass
                class Server(TCPServer):
                    def service_actions(self):
                        say("turn")
                        raise ValueError('enough')
                """)
            .java(plain(h -> {}))
            .javaServer(
                (run, handler) ->
                    new TracedTCPServer(run, handler) {
                      private boolean said;

                      @Override
                      public void serviceActions() {
                        if (!said) {
                          said = true;
                          say("turn");
                        }
                        throw new IllegalArgumentException("enough");
                      }
                    })
            .client(c -> c.await("turn"))
            .differs(
                "an exception in serviceActions is logged, and the server goes on;"
                    + " Python's leaves the loop",
                "server: serve_forever raised ValueError",
                ""));
  }

  /** Closes its first connection and throws, instead of giving it. */
  private static final class TakingServer extends TracedTCPServer {
    private final Exception failure;
    private int taken;

    TakingServer(Run run, HandlerFactory<StreamSocket> handler, Exception failure)
        throws IOException {
      super(run, handler);
      this.failure = failure;
    }

    @Override
    public Accepted<StreamSocket> takeRequest() throws IOException {
      Accepted<StreamSocket> accepted = super.takeRequest();
      taken++;
      if (taken == 1) {
        accepted.request().close();
        if (failure instanceof IOException io) {
          throw io;
        }
        throw (RuntimeException) failure;
      }
      return accepted;
    }
  }
}
