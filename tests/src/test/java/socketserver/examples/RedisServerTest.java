package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.fixture.Strategy;

/** The small Redis. */
@Timeout(180)
class RedisServerTest {
  private static Serving serving() throws Exception {
    return serving(RedisServer.ROOM);
  }

  private static Serving serving(long room) throws Exception {
    return new Serving(RedisServer.server(Serving.anyPort(), room));
  }

  /** A command as programs send it. */
  private static String command(String... words) {
    StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      command.append("$").append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return command.toString();
  }

  /** Sends a text and nothing more, and reads the answers. */
  private static String answers(Serving server, String text) throws Exception {
    try (var peer = new Peer(server.port())) {
      peer.send(text);
      peer.endOutput();
      return peer.readToEnd();
    }
  }

  // Commands

  @Test
  void answersTheCommandsThatItKnows() throws Exception {
    try (var server = serving()) {
      assertEquals("+PONG\r\n", answers(server, command("PING")));
      assertEquals("$5\r\nhello\r\n", answers(server, command("ping", "hello")));
      assertEquals("$2\r\n\r\n\r\n", answers(server, command("ECHO", "\r\n")));
      assertEquals("$-1\r\n", answers(server, command("GET", "a")));
      assertEquals("+OK\r\n", answers(server, command("SET", "a", "1")));
      assertEquals("$1\r\n1\r\n", answers(server, command("GET", "a")));
      assertEquals(":2\r\n", answers(server, command("INCR", "a")));
      assertEquals(":1\r\n", answers(server, command("INCR", "b")));
      assertEquals(":2\r\n", answers(server, command("EXISTS", "a", "b", "c")));
      assertEquals(":2\r\n", answers(server, command("DEL", "a", "b", "c")));
      assertEquals("$-1\r\n", answers(server, command("GET", "a")));
      assertEquals("*0\r\n", answers(server, command("COMMAND", "DOCS")));
      assertEquals(
          "*2\r\n$4\r\nsave\r\n$0\r\n\r\n", answers(server, command("CONFIG", "GET", "save")));
      assertEquals("+OK\r\n", answers(server, command("QUIT") + command("PING")));
    }
  }

  @Test
  void takesCommandsThatAPersonTypes() throws Exception {
    try (var server = serving()) {
      assertEquals(
          "+OK\r\n$5\r\nworld\r\n+PONG\r\n",
          answers(server, "set  hello world\r\n\r\nget hello\nPING\r\n"));
    }
  }

  @Test
  void keepsEveryByteOfKeysAndValues() throws Exception {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    String word = new String(all, java.nio.charset.StandardCharsets.ISO_8859_1);
    try (var server = serving();
        var peer = new Peer(server.port())) {
      String sent = command("SET", word, word) + command("GET", word);
      peer.send(sent.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
      peer.endOutput();
      assertEquals(
          "+OK\r\n$256\r\n" + word + "\r\n",
          new String(peer.bytesToEnd(), java.nio.charset.StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  void answersManyCommandsThatWereSentAtOnceInTheirOrder() throws Exception {
    StringBuilder sent = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (int i = 1; i <= 1000; i++) {
      sent.append(command("INCR", "n")).append("ECHO ").append(i).append("\r\n");
      expected.append(":").append(i).append("\r\n");
      expected.append("$").append(Integer.toString(i).length()).append("\r\n");
      expected.append(i).append("\r\n");
    }
    try (var server = serving()) {
      assertEquals(expected.toString(), answers(server, sent.toString()));
    }
  }

  @Test
  void answersAHalfCommandsPredecessor() throws Exception {
    try (var server = serving();
        var peer = new Peer(server.port())) {
      peer.send(command("PING") + "*1\r\n$4\r\nPI");
      assertEquals("+PONG\r\n", peer.readLike("+PONG\r\n"));
      peer.send("NG\r\n");
      assertEquals("+PONG\r\n", peer.readLike("+PONG\r\n"));
    }
  }

  @Test
  void countsWhatManyClientsCountTogether() throws Exception {
    try (var server = serving()) {
      List<Thread> clients = new ArrayList<>();
      for (int c = 0; c < 4; c++) {
        clients.add(
            socketserver.fixture.Background.start(
                "counts", () -> answers(server, command("INCR", "n").repeat(250))));
      }
      clients.forEach(socketserver.fixture.Eventually::ends);
      assertEquals("$4\r\n1000\r\n", answers(server, "get n\r\n"));
    }
  }

  // What is refused

  @ParameterizedTest
  @CsvSource({
    "NO, unknown command 'NO'",
    "GET, wrong number of arguments for 'get' command",
    "PING a b, wrong number of arguments for 'ping' command",
    "SET a b EX 1, syntax error",
    "CONFIG SET a, unknown subcommand 'SET'",
    "INCR text, value is not an integer or out of range",
    "INCR last, increment or decrement would overflow",
  })
  void refusesACommandAndGoesOn(String line, String reason) throws Exception {
    try (var server = serving()) {
      answers(server, "set text abc\r\nset last " + Long.MAX_VALUE + "\r\n");
      assertEquals("-ERR " + reason + "\r\n+PONG\r\n", answers(server, line + "\r\nPING\r\n"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*1\r\nPING\r\n",
        "*x\r\n",
        "*1025\r\n",
        "*99999999999\r\n",
        "*1\r\n$x\r\n",
        "*1\r\n$-1\r\n",
        "*1\r\n$524289\r\n",
        "*1\r\n$2147483647\r\n",
      })
  void endsTheConnectionOfAClientThatSpeaksSomethingElse(String text) throws Exception {
    try (var server = serving();
        var peer = new Peer(server.port())) {
      peer.send(text);
      String answer = peer.readToEnd();
      assertTrue(answer.startsWith("-ERR Protocol error: "), answer);
      assertTrue(answer.endsWith("\r\n"), answer);
      assertEquals("+PONG\r\n", answers(server, "PING\r\n"));
    }
  }

  @Test
  void refusesALineThatNeverEnds() throws Exception {
    try (var server = serving();
        var peer = new Peer(server.port())) {
      peer.send("x".repeat(RedisServer.LONGEST_LINE));
      assertEquals("-ERR Protocol error: too big inline request\r\n", peer.readToEnd());
    }
  }

  @Test
  void refusesACommandWhoseWordsAreTooMuchTogether() throws Exception {
    String word = "x".repeat(RedisServer.LONGEST_WORD);
    String begin = "$" + word.length() + "\r\n" + word + "\r\n";
    try (var server = serving();
        var peer = new Peer(server.port())) {
      peer.send("*3\r\n" + begin + begin + "$1\r\n");
      assertEquals("-ERR Protocol error: invalid bulk length\r\n", peer.readToEnd());
    }
  }

  @Test
  void keepsNoMoreThanItHasRoomFor() throws Exception {
    try (var server = serving(1000)) {
      assertEquals("+OK\r\n", answers(server, command("SET", "a", "x".repeat(800))));
      assertEquals(
          "-ERR no room for more\r\n", answers(server, command("SET", "b", "x".repeat(100))));
      assertEquals("$-1\r\n", answers(server, command("GET", "b")));
      assertEquals(
          "-ERR no room for more\r\n", answers(server, command("SET", "a", "x".repeat(901))));
      assertEquals("+OK\r\n", answers(server, command("SET", "a", "x")));
      assertEquals("+OK\r\n", answers(server, command("SET", "b", "x".repeat(600))));
      assertEquals(":1\r\n", answers(server, command("DEL", "b")));
      assertEquals("+OK\r\n", answers(server, command("SET", "c", "x".repeat(600))));
    }
  }

  @Test
  void survivesNoise() throws Exception {
    Random random = new Random(4711);
    String alphabet = "*$-+:0123456789\r\n\r\n abPINGSET";
    try (var server = serving()) {
      for (int i = 0; i < 200; i++) {
        StringBuilder noise = new StringBuilder();
        for (int length = random.nextInt(200); length > 0; length--) {
          noise.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        try (var peer = new Peer(server.port())) {
          peer.send(noise.toString());
        }
      }
      assertEquals("+PONG\r\n", answers(server, "PING\r\n"));
    }
  }

  // The tools of Redis

  @Test
  void redisCliSetsAndGets() throws Exception {
    Tool.REDIS_CLI.required();
    try (var server = serving()) {
      assertEquals("OK\n", cli(server, "SET", "greeting", "hello world"));
      assertEquals("hello world\n", cli(server, "GET", "greeting"));
      assertEquals("1\n", cli(server, "INCR", "n"));
      assertEquals("PONG\n", cli(server, "PING"));
      assertEquals("ERR unknown command 'FLUSHALL'\n", cli(server, "FLUSHALL").stripLeading());
    }
  }

  private static String cli(Serving server, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("redis-cli", "-p", "" + server.port()));
    command.addAll(List.of(words));
    try (var cli = Program.command(command)) {
      cli.endInput();
      return cli.output.rest().replace("\n\n", "\n");
    }
  }

  @ParameterizedTest
  @EnumSource
  void redisBenchmarkIsAnsweredByEachKindOfThreads(Strategy strategy) throws Exception {
    Tool.REDIS_BENCHMARK.required();
    strategy.assumeWorksHere();
    String before = System.setProperty(Strategy.PROPERTY, strategy.word());
    try (var server = serving()) {
      for (String pipelined : List.of("1", "16")) {
        String printed = benchmark(server, pipelined);
        for (String test : List.of("PING_INLINE", "PING_MBULK", "SET", "GET", "INCR")) {
          assertTrue(printed.contains("\"" + test + "\",\""), printed);
        }
        assertTrue(!printed.contains("rror"), printed);
      }
      // two runs of two thousand
      assertEquals("$4\r\n4000\r\n", answers(server, "get counter:__rand_int__\r\n"));
    } finally {
      if (before == null) {
        System.clearProperty(Strategy.PROPERTY);
      } else {
        System.setProperty(Strategy.PROPERTY, before);
      }
    }
  }

  private static String benchmark(Serving server, String pipelined) throws Exception {
    try (var benchmark =
        Program.command(
            List.of(
                "redis-benchmark",
                "-p",
                "" + server.port(),
                "-c",
                "20",
                "-n",
                "2000",
                "-P",
                pipelined,
                "-t",
                "ping,set,get,incr",
                "--csv"))) {
      String printed = benchmark.output.rest() + benchmark.errors.rest();
      assertEquals(0, benchmark.status(), printed);
      return printed;
    }
  }

  @Test
  void theProgramPrintsItsPort() throws Exception {
    try (var program = Program.java(RedisServer.class, "0", "127.0.0.1");
        var peer = new Peer(program.port())) {
      peer.send("PING\r\n");
      assertEquals("+PONG\r\n", peer.readLike("+PONG\r\n"));
    }
  }
}
