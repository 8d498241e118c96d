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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import socketserver.ForkingTCPServer;
import socketserver.StreamSocket;
import socketserver.fixture.Answering;
import socketserver.fixture.Child;
import socketserver.fixture.Eventually;
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
        Eventually.holds(() -> end + "; there is " + log.events(), () -> message(log, end) != null);
        String status = message(log, end).substring(end.length()).split(" ")[0];
        Child.tell(what + ", answer " + answer + ", status " + status);
        Child.tell(log.at(Level.WARN, pid));
      }
    }
  }

  private static String message(LogCapture log, String begin) {
    return log.events().stream()
        .map(event -> event.getFormattedMessage())
        .filter(message -> message.startsWith(begin))
        .findAny()
        .orElse(null);
  }

  static final class Server extends ForkingTCPServer {
    Server() throws IOException {
      super(RunningServer.anyPort(), Answering.with(Server::answer));
      spareChildren(1);
      childJvmOptions(List.of("-Xmx32m"));
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
          throw new AssertionError("an Exception in Python");
        case "worse":
          throw new IllegalStateException("handleError is to fail");
        case "overflow":
          return answer(line, handler) + "";
        case "memory":
          List<byte[]> all = new ArrayList<>();
          while (true) {
            all.add(new byte[1 << 20]);
          }
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

  private static final String[] ASKED = {
    "print", "exception", "error", "worse", "overflow", "memory"
  };

  private static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }

  @Test
  void areDealtWithThereAndPrintedWhereTheParentPrints() throws Exception {
    List<String> failures = List.of("exception", "error", "worse", "overflow");
    try (Child parent = Child.start(Noisy.class, List.of(), ASKED)) {
      assertEquals("print, answer done, status 0", parent.hear());
      assertEquals("[]", parent.hear());
      for (String failure : failures) {
        assertEquals(failure + ", answer , status 1", parent.hear());
        assertEquals("[]", parent.hear());
      }
      assertEquals("memory, answer , status 3", parent.hear());
      String warning = parent.hear();
      assertTrue(warning.contains("ended with status 3 while it handled"), warning);
      assertEquals("end", parent.hear());
      parent.awaitEnd();
      String output = parent.output();
      for (String part :
          List.of(
              "printed by the handler, and not flushed",
              "printed as an error",
              "logged by the handler",
              "java.io.IOException: wanted by the client",
              "java.lang.AssertionError: an Exception in Python",
              "java.lang.StackOverflowError",
              "java.lang.OutOfMemoryError",
              "java.lang.IllegalArgumentException: a failure of handleError")) {
        assertTrue(output.contains(part), () -> part + " is not in\n" + output);
      }
      assertEquals(4, count(output, "handleError in "), output);
      assertEquals(5, count(output + "\n", "shutdownRequest\n"), output);
    }
  }
}
