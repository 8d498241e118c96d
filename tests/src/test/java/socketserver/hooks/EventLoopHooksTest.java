package socketserver.hooks;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;
import socketserver.fixture.Strategy;
import socketserver.fixture.WithStrategy;

/** What is true of ThreadingMixIn's threads is true of virtual threads that event loops run. */
class EventLoopHooksTest {
  @RegisterExtension static final WithStrategy STRATEGY = new WithStrategy(Strategy.EVENTLOOP);

  @Nested
  class CallOrder extends CallOrderTest {}

  @Nested
  class Closing extends ThreadingCloseTest {}
}
