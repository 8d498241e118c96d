package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every example makes of the words of its command line. */
@Timeout(120)
class CommandLineTest {
  private final Output out = new Output();
  private final Output err = new Output();
  private final AtomicReference<InetSocketAddress> address = new AtomicReference<>();
  private final AtomicReference<Path> path = new AtomicReference<>();
  private final AtomicReference<Duration> seconds = new AtomicReference<>();

  private int run(String... args) {
    return CommandLine.run(
        "usage: X [PORT [HOST]]",
        words -> address.set(words.address(1234, null)),
        out.stream(),
        err.stream(),
        args);
  }

  @Test
  void withoutWordsItUsesTheDefaults() {
    assertEquals(0, run());
    assertEquals(new InetSocketAddress(1234), address.get());
  }

  @Test
  void takesThePortAndTheHost() {
    assertEquals(0, run("0", "127.0.0.1"));
    assertEquals(new InetSocketAddress("127.0.0.1", 0), address.get());
  }

  @Test
  void helpIsTheUsageAndNoError() {
    assertEquals(0, run("--help"));
    assertEquals("usage: X [PORT [HOST]]\n", out.text());
    assertEquals("", err.text());
    assertEquals(null, address.get());
  }

  @Test
  void namesThePortThatIsNoNumber() {
    assertEquals(2, run("http"));
    assertEquals("error: port is not a number: http\nusage: X [PORT [HOST]]\n", err.text());
  }

  @Test
  void namesThePortThatIsOutOfRange() {
    assertEquals(2, run("70000"));
    assertEquals("error: port out of range: 70000\nusage: X [PORT [HOST]]\n", err.text());
  }

  @Test
  void namesTheWordTooMany() {
    assertEquals(2, run("1", "localhost", "more"));
    assertEquals("error: unexpected argument: more\nusage: X [PORT [HOST]]\n", err.text());
  }

  @Test
  void takesAPath() {
    assertEquals(0, runPath());
    assertEquals(Path.of("x.sock"), path.get());
    assertEquals(0, runPath("/tmp/y.sock"));
    assertEquals(Path.of("/tmp/y.sock"), path.get());
  }

  @Test
  void refusesAnEmptyPath() {
    assertEquals(2, runPath(""));
    assertEquals("error: PATH is empty\nusage: X [PATH]\n", err.text());
  }

  @Test
  void namesTheWordAfterThePath() {
    assertEquals(2, runPath("a", "b"));
    assertEquals("error: unexpected argument: b\nusage: X [PATH]\n", err.text());
  }

  private int runPath(String... args) {
    return CommandLine.run(
        "usage: X [PATH]",
        words -> path.set(words.path("x.sock")),
        out.stream(),
        err.stream(),
        args);
  }

  @Test
  void takesSecondsBeforeTheRest() {
    assertEquals(0, runSeconds());
    assertEquals(Duration.ofSeconds(5), seconds.get());
    assertEquals(0, runSeconds("60"));
    assertEquals(Duration.ofSeconds(60), seconds.get());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "soon", ""})
  void namesSecondsThatAreNone(String word) {
    assertEquals(2, runSeconds(word));
    assertEquals(
        "error: SECONDS is not a positive number: " + word + "\nusage: X [SECONDS]\n", err.text());
  }

  private int runSeconds(String... args) {
    return CommandLine.run(
        "usage: X [SECONDS]",
        words -> seconds.set(words.seconds(5)),
        out.stream(),
        err.stream(),
        args);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--port=1 --name=a=b", "--name a=b --port 1", "--name=a=b --port 1"})
  void takesOptionsInAnyOrderAndBothForms(String typed) {
    assertEquals(0, runOptions(typed.split(" ")));
    assertEquals("a=b:1\n", out.text());
  }

  @Test
  void anOptionMayHaveADefaultOrBeRequired() {
    assertEquals(0, runOptions("--name="));
    assertEquals(":8800\n", out.text());
    assertEquals(2, runOptions("--port=1"));
    assertEquals("error: --name is missing\nusage: X\n", err.text());
  }

  @Test
  void namesTheOptionWithoutAValue() {
    assertEquals(2, runOptions("--port=1", "--name"));
    assertEquals("error: --name has no value\nusage: X\n", err.text());
  }

  @Test
  void namesThePortOptionThatIsNone() {
    assertEquals(2, runOptions("--name=a", "--port=chat"));
    assertEquals("error: port is not a number: chat\nusage: X\n", err.text());
  }

  @Test
  void namesTheOptionThatNobodyKnows() {
    assertEquals(2, runOptions("--name=a", "--names=b"));
    assertEquals("error: unexpected argument: --names=b\nusage: X\n", err.text());
  }

  private int runOptions(String... args) {
    return CommandLine.run(
        "usage: X",
        words -> {
          String name = words.requiredOption("--name");
          int port = words.portOption(8800);
          words.end();
          out.stream().println(name + ":" + port);
        },
        out.stream(),
        err.stream(),
        args);
  }

  @Test
  void aFailureIsOneLine() {
    CommandLine.Program failing =
        words -> {
          throw new IOException("no such file: cert.pem");
        };
    assertEquals(1, CommandLine.run("usage: X", failing, out.stream(), err.stream()));
    assertEquals("error: no such file: cert.pem\n", err.text());
  }

  @Test
  void aKindOfSocketThatTheSystemDoesNotHaveIsOneLine() {
    CommandLine.Program failing =
        words -> {
          throw new UnsupportedOperationException("unix datagram sockets need epoll");
        };
    assertEquals(1, CommandLine.run("usage: X", failing, out.stream(), err.stream()));
    assertEquals("error: unix datagram sockets need epoll\n", err.text());
  }

  @Test
  void aPortInUseIsNamedAndEndsTheProgramWithAnError() throws Exception {
    try (var taken = new Serving(VoiceMenu.server(Serving.anyPort()));
        var program = Program.java(VoiceMenu.class, String.valueOf(taken.port()))) {
      assertEquals(1, program.status());
      String complaint = program.errors.rest();
      assertTrue(complaint.startsWith("error: "), complaint);
      assertTrue(complaint.contains(String.valueOf(taken.port())), complaint);
      assertEquals(1, complaint.lines().count(), complaint);
    }
  }

  @Test
  void aWrongWordEndsTheProgramWithStatusTwo() throws Exception {
    try (var program = Program.java(Greeting.class, "-1")) {
      assertEquals(2, program.status());
      assertTrue(program.errors.rest().startsWith("error: port out of range: -1\nusage: Greeting"));
    }
  }
}
