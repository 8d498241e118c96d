package socketserver.injection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.bytebuddy.agent.Installer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.fixture.Child;
import socketserver.fixture.Strategy;

/**
 * An error, or an interrupt, at any point of what the library does for a handler costs one
 * connection at most: its client sees the end, {@code handleError} is told, and all others go on.
 */
@Timeout(600)
class InjectedErrorsTest {
  /** Of the thousands of steps of a request so many are tried in a run, from a random one on. */
  private static final int ROUNDS = Integer.getInteger("socketserver.injection.rounds", 12);

  private static final long SEED =
      Long.getLong("socketserver.injection.seed", new Random().nextLong());

  private static Child child;

  @BeforeAll
  static void start() throws Exception {
    child = child(Injected.class);
  }

  /** Starts a program that puts {@link Steps} into the library. */
  static Child child(Class<?> program) throws Exception {
    Path agent =
        Path.of(Installer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> options = new ArrayList<>(List.of("-javaagent:" + agent));
    options.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    if (Strategy.hasVirtualThreads()) {
      options.add(Strategy.opens());
    }
    return Child.start(program, options);
  }

  @AfterAll
  static void end() throws IOException {
    child.close();
  }

  static Stream<Arguments> requests() {
    return Stream.of(Kind.values())
        .flatMap(
            kind ->
                Stream.of(Threads.values())
                    .flatMap(
                        threads ->
                            Stream.of(Fault.values())
                                .map(fault -> Arguments.of(kind, threads, fault))));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void costsOneConnectionAtMost(Kind kind, Threads threads, Fault fault) throws IOException {
    threads.assumeWorksHere();
    // handshakes take long
    int rounds = kind == Kind.TLS ? Math.max(ROUNDS / 4, 1) : ROUNDS;
    child.say(kind + " " + threads + " " + fault + " " + rounds + " " + SEED);
    assertEquals(
        Injected.WELL,
        child.hear(300).replace("\\n", "\n"),
        () -> "seed " + SEED + "; the child printed " + child.output());
  }
}
