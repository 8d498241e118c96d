package socketserver.injection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.fixture.Child;
import socketserver.fixture.Strategy;

/**
 * What ends a wait is never missed, wherever the thread is on its way to wait: each step is tried
 * at which another thread may come in between.
 */
@Timeout(600)
class InterleavedWaitsTest {
  /** Of the hundreds of steps to a wait so many are tried in a run, from a random one on. */
  private static final int ROUNDS = Integer.getInteger("socketserver.injection.rounds", 12);

  private static final long SEED =
      Long.getLong("socketserver.injection.seed", new Random().nextLong());

  private static Child child;

  @BeforeAll
  static void start() throws Exception {
    child = InjectedErrorsTest.child(Interleaved.class);
  }

  @AfterAll
  static void end() throws IOException {
    child.close();
  }

  static Stream<Arguments> waits() {
    Stream<String> threads =
        Strategy.hasVirtualThreads() ? Stream.of("platform", "virtual") : Stream.of("platform");
    return threads.flatMap(
        thread ->
            Stream.of(Wait.values())
                .flatMap(
                    wait ->
                        wait.outcomes().keySet().stream()
                            .sorted()
                            .map(wake -> Arguments.of(wait, wake, thread))));
  }

  @ParameterizedTest
  @MethodSource("waits")
  void nothingIsMissed(Wait wait, Wake wake, String thread) throws IOException {
    child.say(wait + " " + wake + " " + thread + " " + ROUNDS + " " + SEED);
    assertEquals(
        Injected.WELL,
        child.hear(300).replace("\\n", "\n"),
        () -> "seed " + SEED + "; the child printed " + child.output());
  }
}
