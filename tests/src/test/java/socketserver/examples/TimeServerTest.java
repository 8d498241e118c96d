package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The time server. */
@Timeout(180)
class TimeServerTest {
  static final String STAMP =
      "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
          + " (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
          + " [ 123]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}";

  /** Python's ctime prints a space before a day of one digit. */
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-07T02:18:48Z"), ZoneOffset.UTC);

  private final Output out = new Output();

  @Test
  void answersALineWithTheTimeAndTheLine() throws Exception {
    try (var server = new Serving(TimeServer.server(Serving.anyPort(), out.stream(), CLOCK));
        var peer = new Peer(server.port())) {
      peer.send("hello\r\n");
      assertEquals("[Sat Nov  7 02:18:48 2026] hello\r\n", peer.readToEnd());
      assertEquals("Connected from " + peer.address() + "\n", out.text());
    }
  }

  @Test
  void answersTheFirstLineAlone() throws Exception {
    try (var server = new Serving(TimeServer.server(Serving.anyPort(), out.stream(), CLOCK));
        var peer = new Peer(server.port())) {
      peer.send("one\n");
      assertEquals("[Sat Nov  7 02:18:48 2026] one\n", peer.readToEnd());
    }
  }

  @Test
  void answersALineThatTheClientDidNotEnd() throws Exception {
    try (var server = new Serving(TimeServer.server(Serving.anyPort(), out.stream(), CLOCK));
        var peer = new Peer(server.port())) {
      peer.send("no end");
      peer.endOutput();
      assertEquals("[Sat Nov  7 02:18:48 2026] no end", peer.readToEnd());
    }
  }

  @Test
  void givesBackEveryByteAsItCame() throws Exception {
    byte[] line = new byte[257];
    int length = 0;
    for (int b = 0; b < 256; b++) {
      if (b != '\n') {
        line[length++] = (byte) b;
      }
    }
    line[length++] = '\n';
    byte[] stamp = "[Sat Nov  7 02:18:48 2026] ".getBytes(StandardCharsets.US_ASCII);
    byte[] expected = new byte[stamp.length + length];
    System.arraycopy(stamp, 0, expected, 0, stamp.length);
    System.arraycopy(line, 0, expected, stamp.length, length);
    try (var server = new Serving(TimeServer.server(Serving.anyPort(), out.stream(), CLOCK));
        var peer = new Peer(server.port())) {
      peer.send(java.util.Arrays.copyOf(line, length));
      assertArrayEquals(expected, peer.bytesToEnd());
    }
  }

  @Test
  void answersAsPythonDoes() throws Exception {
    for (String line : List.of("hello\r\n", "\n", "欢迎\n", "no end")) {
      try (var python = Program.python("time_server.py", "0");
          var program = Program.java(TimeServer.class, "0", "127.0.0.1");
          var pythonPeer = new Peer(python.port());
          var peer = new Peer(program.port())) {
        assertEquals(ask(pythonPeer, line), ask(peer, line));
      }
    }
  }

  private static String ask(Peer peer, String line) throws Exception {
    peer.send(line);
    peer.endOutput();
    String answer = peer.readToEnd();
    assertTrue(answer.matches("(?s)\\[" + STAMP + "\\] .*"), answer);
    return answer.replaceFirst(STAMP, "TIME");
  }

  @Test
  void writesTimesAsPythonsCtime() throws Exception {
    List<Long> seconds = new ArrayList<>();
    for (long day = 0; day < 366; day += 3) {
      seconds.add(day * 86_400 + day * 997);
    }
    seconds.add(4_102_444_799L);
    String typed = seconds.stream().map(String::valueOf).collect(Collectors.joining(","));
    Tool.PYTHON.required();
    String script = "import time\nfor t in " + typed + ": print(time.asctime(time.gmtime(t)))";
    try (var python = Program.command(List.of("python3", "-c", script))) {
      String ours =
          seconds.stream()
              .map(time -> LocalDateTime.ofEpochSecond(time, 0, ZoneOffset.UTC))
              .map(time -> TimeServer.ctime(time) + "\n")
              .collect(Collectors.joining());
      assertEquals(python.output.rest(), ours);
    }
  }
}
