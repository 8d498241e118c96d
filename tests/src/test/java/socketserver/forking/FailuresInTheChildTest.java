package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import socketserver.ForkingTCPServer;
import socketserver.StreamSocket;
import socketserver.fixture.Answering;
import socketserver.fixture.Child;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** What a failing handler, and one that prints, does in a child, and what is seen of it outside. */
@Timeout(120)
class FailuresInTheChildTest {
  /** Its output is of interest, so that it runs in a parent of its own. */
  static final class Noisy {
    private Noisy() {}

    public static void main(String[] args) throws Exception {
      try (LogCapture log = new LogCapture();
          var running = RunningServer.start(new Server())) {
        for (String what : args) {
          ask(running, log, what);
        }
      }
      Child.tell("end");
    }

    private static void ask(RunningServer<Server> running, LogCapture log, String what)
        throws IOException {
      try (TcpClient client = TcpClient.to(running)) {
        String pid = client.send("pid\n").line().strip();
        String answer = client.send(what + "\n").rest().strip();
        String end = "child process " + pid + " ended with status ";
        log.await(Level.DEBUG, end);
        String status = log.at(Level.DEBUG, end).get(0).substring(end.length());
        Child.tell(what + ", answer " + answer + ", status " + status + ", " + log.at(Level.WARN));
      }
    }
  }

  static final class Server extends ForkingTCPServer {
    Server() throws IOException {
      super(RunningServer.anyPort(), Answering.with(Server::answer));
      spareChildren(1);
    }

    private static Object answer(String line, Answering handler) throws Exception {
      switch (line) {
        case "pid":
          return ProcessHandle.current().pid();
        case "print":
          System.setOut(
              new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out))));
          System.out.println("printed by the handler, and not flushed");
          System.err.println("printed as an error");
          LoggerFactory.getLogger("handler").warn("logged by the handler");
          handler.connection.shutdown(StreamSocket.SHUT_RD);
          return "done";
        case "exception":
          throw new IOException("wanted by the client");
        case "error":
          throw new AssertionError("an end like Python's SystemExit");
        case "worse":
          throw new IllegalStateException("handleError is to fail");
        default:
          throw new IllegalArgumentException(line);
      }
    }

    @Override
    public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
      System.out.println("handleError in " + ProcessHandle.current().pid() + ": " + error);
      super.handleError(request, client, error);
      if (error instanceof IllegalStateException) {
        throw new IllegalArgumentException("a failure of handleError");
      }
    }

    @Override
    public void shutdownRequest(StreamSocket request) {
      System.out.println("shutdownRequest");
      super.shutdownRequest(request);
    }
  }

  private static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }

  @Test
  void areDealtWithThereAndPrintedWhereTheParentPrints() throws Exception {
    try (Child parent =
        Child.start(Noisy.class, List.of(), "print", "exception", "error", "worse")) {
      assertEquals("print, answer done, status 0, []", parent.hear());
      assertEquals("exception, answer , status 1, []", parent.hear());
      assertEquals("error, answer , status 1, []", parent.hear());
      assertEquals("worse, answer , status 1, []", parent.hear());
      assertEquals("end", parent.hear());
      parent.awaitEnd();
      String output = parent.output();
      for (String part :
          List.of(
              "printed by the handler, and not flushed",
              "printed as an error",
              "logged by the handler",
              "java.io.IOException: wanted by the client",
              "java.lang.AssertionError: an end like Python's SystemExit",
              "java.lang.IllegalArgumentException: a failure of handleError")) {
        assertTrue(output.contains(part), () -> part + " is not in\n" + output);
      }
      assertEquals(2, count(output, "handleError in "), output);
      assertEquals(4, count(output + "\n", "shutdownRequest\n"), output);
    }
  }
}
