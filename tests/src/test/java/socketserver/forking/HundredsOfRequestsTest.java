package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.BaseServer;
import socketserver.DatagramRequestHandler;
import socketserver.ForkingMixIn;
import socketserver.ForkingTCPServer;
import socketserver.ForkingUDPServer;
import socketserver.StreamRequestHandler;
import socketserver.fixture.Background;
import socketserver.fixture.Child;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.Processes;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;

/** Hundreds of requests, and what is left of them. */
@Timeout(120)
class HundredsOfRequestsTest {
  private static final int CLIENTS = 3;

  /** What each child handles, so that some end on the way. */
  private static final int REQUESTS_PER_CHILD = 150;

  @TempDir private Path folder;

  /** Answers a line. */
  static final class Lines extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write(answer(rfile.readline(StandardCharsets.UTF_8).strip()));
    }
  }

  /** Answers a datagram. */
  static final class Datagrams extends DatagramRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write(answer(new String(packet, StandardCharsets.UTF_8)));
    }
  }

  private static String answer(String question) {
    return ProcessHandle.current().pid() + " " + question;
  }

  /** A process whose only matter this is, so that nothing is left but by it. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws Exception {
      int count = Integer.parseInt(args[0]);
      try (LogCapture log = new LogCapture()) {
        // what is opened once and for all is open then
        round(CLIENTS);
        int before = Descriptors.open();
        round(count);
        Eventually.holds("no child is left", () -> Processes.children().isEmpty());
        Eventually.holds(
            () -> before + " descriptors are open; there are " + Descriptors.open(),
            () -> Descriptors.open() <= before);
        Eventually.holds(
            () -> "no thread is left; there are " + threads(), () -> threads().isEmpty());
        Child.tell(log.at(Level.WARN) + " " + log.at(Level.ERROR));
      }
    }

    private static List<String> threads() {
      return Thread.getAllStackTraces().keySet().stream()
          .map(Thread::getName)
          .filter(name -> name.startsWith("socketserver"))
          .toList();
    }

    private static void round(int count) throws IOException {
      serve(new ForkingTCPServer(RunningServer.anyPort(), Lines::new), count, Parent::line);
      serve(new ForkingUDPServer(RunningServer.anyPort(), Datagrams::new), count, Parent::datagram);
    }

    private interface Request {
      String answer(BaseServer<?> server, String question) throws IOException;
    }

    private static String line(BaseServer<?> server, String question) throws IOException {
      try (TcpClient client = TcpClient.to(server)) {
        return client.send(question + "\n").rest();
      }
    }

    private static String datagram(BaseServer<?> server, String question) throws IOException {
      try (UdpClient client = UdpClient.to(server)) {
        return client.send(question).text();
      }
    }

    private static <S extends BaseServer<?> & ForkingMixIn> void serve(
        S server, int count, Request request) {
      server.maxChildren(2);
      server.spareChildren(0);
      server.maxRequestsPerChild(REQUESTS_PER_CHILD);
      Set<String> pids = ConcurrentHashMap.newKeySet();
      try (var running = RunningServer.start(server)) {
        List<CompletableFuture<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          String name = "client " + i;
          clients.add(
              Background.ask(name, () -> requests(running.server(), count, name, request, pids)));
        }
        int answered = 0;
        for (CompletableFuture<Integer> client : clients) {
          answered += Background.result(client);
        }
        Child.tell(
            answered + " by " + (pids.size() >= count / REQUESTS_PER_CHILD ? "enough" : pids));
      }
      if (!server.activeChildren().isEmpty()) {
        throw new AssertionError("not collected: " + server.activeChildren());
      }
    }

    private static int requests(
        BaseServer<?> server, int count, String name, Request request, Set<String> pids)
        throws IOException {
      int answered = 0;
      while (answered < count / CLIENTS) {
        String question = name + " asks " + answered;
        String[] answer = request.answer(server, question).split(" ", 2);
        if (!answer[1].equals(question)) {
          throw new IOException(question + " was answered with " + answer[1]);
        }
        pids.add(answer[0]);
        answered++;
      }
      return answered;
    }
  }

  @Test
  void leaveNoProcessNoDescriptorNoThreadAndNoFile() throws Exception {
    Descriptors.assumeCountable();
    List<String> options = List.of("-Djava.io.tmpdir=" + folder, "-XX:TieredStopAtLevel=1");
    try (Child parent = Child.start(Parent.class, options, "300")) {
      for (int count : new int[] {CLIENTS, CLIENTS, 300, 300}) {
        assertEquals(count + " by enough", parent.hear());
      }
      assertEquals("[] []", parent.hear());
      parent.awaitEnd();
      for (String trouble : List.of("ERROR", "WARN ", "Exception")) {
        assertFalse(parent.output().contains(trouble), parent.output());
      }
    }
    try (var left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }
}
