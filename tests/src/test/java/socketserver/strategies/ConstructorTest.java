package socketserver.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import socketserver.EventLoopMixIn;
import socketserver.StreamRequestHandler;
import socketserver.fixture.Strategy;

/** Where the mix-ins work, and what they are told. */
@Timeout(60)
class ConstructorTest {
  private static final class Silent extends StreamRequestHandler {}

  @ParameterizedTest
  @CsvSource({"VIRTUAL, VirtualThreadingMixIn", "EVENTLOOP, EventLoopMixIn"})
  void onAJavaWithoutVirtualThreadsItSaysWhatToDo(Strategy strategy, String mixIn) {
    Without.assumeNoVirtualThreads();
    var error =
        assertThrows(UnsupportedOperationException.class, () -> strategy.server(Silent::new));
    assertEquals(
        mixIn
            + " needs virtual threads, which came with Java 21; this is Java "
            + Runtime.version().feature()
            + ": run on a later one, or use ThreadingMixIn",
        error.getMessage());
  }

  @Test
  void theTimeThatAHandlerMayKeepItsLoopIsAnAttribute() throws Exception {
    Strategy.VIRTUAL.assumeWorksHere();
    try (var server = Strategy.EVENTLOOP.server(Silent::new)) {
      EventLoopMixIn loops = (EventLoopMixIn) server;
      assertEquals(Duration.ofMillis(100), loops.slowCallbackDuration());
      loops.slowCallbackDuration(Duration.ofMillis(1));
      assertEquals(Duration.ofMillis(1), loops.slowCallbackDuration());
      var error =
          assertThrows(
              IllegalArgumentException.class, () -> loops.slowCallbackDuration(Duration.ZERO));
      assertTrue(error.getMessage().endsWith("PT0S"), error.getMessage());
    }
  }
}
