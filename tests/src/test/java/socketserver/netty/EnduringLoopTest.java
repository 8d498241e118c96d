package socketserver.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.nio.NioIoHandler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.fixture.Descriptors;
import socketserver.netty.loop.EnduringLoop;

/** The end of an event loop that has never run. */
@Timeout(60)
class EnduringLoopTest {
  private int before;

  @BeforeEach
  void count() {
    Descriptors.assumeCountable();
    // what the JVM opens for its first selector stays
    EnduringLoop first = new EnduringLoop(Thread::new, NioIoHandler.newFactory());
    first.end(1);
    first.terminationFuture().syncUninterruptibly();
    before = Descriptors.open();
  }

  @Test
  void closesItsDescriptorsAlsoIfTheSystemHasNoThreadForThat() throws Exception {
    EnduringLoop loop =
        new EnduringLoop(
            work -> {
              throw new OutOfMemoryError("injected: unable to create native thread");
            },
            NioIoHandler.newFactory());
    assertTrue(Descriptors.open() > before);
    loop.end(1);
    assertEquals(before, Descriptors.open());
  }
}
