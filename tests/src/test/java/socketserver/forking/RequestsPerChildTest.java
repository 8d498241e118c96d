package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.ForkingTCPServer;
import socketserver.fixture.Answering;
import socketserver.fixture.RunningServer;

/** {@code maxRequestsPerChild}: how many requests a child handles, and what they share. */
@Timeout(120)
class RequestsPerChildTest {
  /** What a handler leaves behind. */
  private static int left;

  static final class Server extends ForkingTCPServer {
    private int ofTheServer;

    Server(int requests, int spares) throws IOException {
      super(RunningServer.anyPort(), Answering.with(Server::answer));
      maxRequestsPerChild(requests);
      spareChildren(spares);
    }

    private static String answer(String line, Answering handler) {
      int ofTheServer = ++handler.server(Server.class).ofTheServer;
      return ProcessHandle.current().pid() + " " + ++left + " " + ofTheServer;
    }
  }

  /** One request after the other: which process, and what it found in static and other fields. */
  private static List<String> answers(Server server, int count) throws IOException {
    List<String> answers = new ArrayList<>();
    try (var running = RunningServer.start(server)) {
      for (int i = 0; i < count; i++) {
        answers.add(Answering.ask(running.server(), ""));
      }
    }
    return answers;
  }

  private static String pid(String answer) {
    return answer.split(" ")[0];
  }

  @Test
  void isOneUnlessSetAndRequestsShareNothingThen() throws Exception {
    Server server = new Server(1, 0);
    assertEquals(1, server.maxRequestsPerChild());
    List<String> answers = answers(server, 2);
    assertEquals(2, answers.stream().map(RequestsPerChildTest::pid).distinct().count());
    for (String answer : answers) {
      assertEquals(pid(answer) + " 1 1", answer);
    }
  }

  @Test
  void letsRequestsShareStaticFieldsAndNotTheServer() throws Exception {
    List<String> answers = answers(new Server(3, 0), 4);
    String first = pid(answers.get(0));
    String second = pid(answers.get(3));
    assertTrue(!first.equals(second), answers::toString);
    assertEquals(List.of(first + " 1 1", first + " 2 1", first + " 3 1", second + " 1 1"), answers);
  }

  @Test
  void isUpToATenthLessForSome() throws Exception {
    Map<String, Integer> requests = new LinkedHashMap<>();
    answers(new Server(40, 0), 41).forEach(answer -> requests.merge(pid(answer), 1, Integer::sum));
    List<Integer> counts = List.copyOf(requests.values());
    assertEquals(2, counts.size(), requests::toString);
    assertTrue(counts.get(0) >= 36 && counts.get(0) <= 40, requests::toString);
  }

  @Test
  void hasNoLimitIfItIsZero() throws Exception {
    List<String> answers = answers(new Server(0, 0), 50);
    for (int i = 0; i < answers.size(); i++) {
      assertEquals(pid(answers.get(0)) + " " + (i + 1) + " 1", answers.get(i));
    }
  }
}
