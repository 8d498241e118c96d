package socketserver.hooks;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;
import socketserver.fixture.Strategy;
import socketserver.fixture.WithStrategy;

/** What is true of ThreadingMixIn's threads is true of virtual threads. */
class VirtualHooksTest {
  @RegisterExtension static final WithStrategy STRATEGY = new WithStrategy(Strategy.VIRTUAL);

  @Nested
  class CallOrder extends CallOrderTest {}

  @Nested
  class Closing extends ThreadingCloseTest {}
}
