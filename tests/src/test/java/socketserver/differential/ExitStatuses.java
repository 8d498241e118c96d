package socketserver.differential;

import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.forkingTcp;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import socketserver.ForkingMixIn;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.fixture.LogCapture;

/** How the process of a request ends. */
final class ExitStatuses {
  /** What the log says of a process that has ended; Python's parent asks the system. */
  private static final Pattern ENDED =
      Pattern.compile("child process \\d+ ended with status (\\d+)");

  /** The parent takes a request and says with what status its process has ended. */
  private static final String MAIN =
      """

      def main(server):
          server.handle_request()
          pid, = server.active_children
          say("status", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
          server.collect_children()
          say(len(server.active_children))
      """;

  private ExitStatuses() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        ending("a handler that returns ends its process with 0", "pass").java(plain(h -> {})),
        ending("an exception of a handler ends its process with 1", "raise ValueError('no')")
            .java(
                plain(
                    h -> {
                      throw new IllegalArgumentException("no");
                    })),
        ending("what is no Exception in Python ends the process with 1", "raise SystemExit(7)")
            .java(
                plain(
                    h -> {
                      throw new SystemExit();
                    }))
            .differs(
                "whatever a Java handler throws is handled",
                "",
                "for client 1: handle_error SystemExit"),
        ending("a handler that ends its process itself chooses the status", "os._exit(7)")
            .java(plain(h -> Runtime.getRuntime().halt(7))),
        ending(
                "an exception of finish_request is handled in the process",
                "pass",
                """
                class Server(TCPServer):
                    def finish_request(self, request, client_address):
                        raise OSError('not now')
                """)
            .java(plain(h -> {}))
            .javaServer(
                (run, handler) ->
                    new TracedForkingTCPServer(run, handler) {
                      @Override
                      public void finishRequest(StreamSocket request, SocketAddress client)
                          throws Exception {
                        scenarioRun().enter(client);
                        say("finish_request");
                        throw new IOException("not now");
                      }
                    }),
        ending(
                "an exception of handle_error: the request is shut down, and the status is 1",
                "raise OSError('first')",
                """
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
                    new TracedForkingTCPServer(run, handler) {
                      @Override
                      public void handleError(
                          StreamSocket request, SocketAddress client, Throwable error) {
                        super.handleError(request, client, error);
                        throw new IllegalArgumentException("second");
                      }
                    }),
        ending(
                "an exception of shutdown_request after a request that went well",
                "pass",
                """
                class Server(TCPServer):
                    def shutdown_request(self, request):
                        raise ValueError('no')
                """)
            .java(plain(h -> {}))
            .javaServer(
                (run, handler) ->
                    new TracedForkingTCPServer(run, handler) {
                      @Override
                      public void shutdownRequest(StreamSocket request) {
                        say("shutdown_request");
                        throw new IllegalArgumentException("no");
                      }
                    })
            .differs(
                "a request whose shutdownRequest fails has failed; Python's status is the"
                    + " handler's",
                "server: status 0",
                "server: status 1"));
  }

  private static Scenario<StreamSocket, TCPServer> ending(String name, String handle) {
    return ending(name, handle, "");
  }

  private static Scenario<StreamSocket, TCPServer> ending(
      String name, String handle, String pythonServer) {
    return forkingTcp(name)
        .only(Family.INET)
        .python(
            """
            class Handler(BaseRequestHandler):
                def handle(self):
                    HANDLE
            """
                    .replace("HANDLE", handle)
                + pythonServer
                + MAIN)
        .javaMain(ExitStatuses::serveOne)
        .client(c -> c.connect().readToEnd());
  }

  private static void serveOne(TCPServer server, Run run) {
    ForkingMixIn forking = (ForkingMixIn) server;
    try (LogCapture log = new LogCapture()) {
      server.handleRequest();
      forking.collectChildren(true);
      run.say("status", status(log));
      run.say(forking.activeChildren().size());
    }
  }

  private static String status(LogCapture log) {
    for (ILoggingEvent event : log.events()) {
      Matcher ended = ENDED.matcher(event.getFormattedMessage());
      if (ended.find()) {
        return ended.group(1);
      }
    }
    return "none: " + log.events();
  }
}
