package socketserver.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How much of what peers cause is written. */
class LimitedLogTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10);
  private final LimitedLog log = new LimitedLog(2, now::get);
  private final List<String> lines = new ArrayList<>();

  private void fail(String what) {
    log.write(note -> lines.add(what + note));
  }

  private void pass(long millis) {
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void aFewLinesAreWritten() {
    fail("one");
    fail("two");
    assertEquals(List.of("one", "two"), lines);
  }

  @Test
  void moreInTheSameSecondAreLeftOutAndCounted() {
    for (int i = 1; i <= 5; i++) {
      fail("line " + i);
      pass(100);
    }
    pass(500);
    fail("next");
    fail("last");
    assertEquals(
        List.of("line 1", "line 2", "next (3 like it were left out before)", "last"), lines);
  }

  @Test
  void aSecondBeginsWithItsFirstLine() {
    fail("one");
    pass(10_000);
    fail("two");
    pass(999);
    fail("three");
    fail("left out");
    pass(1);
    fail("four");
    assertEquals(List.of("one", "two", "three", "four (1 like it were left out before)"), lines);
  }

  @Test
  void aLimitOfNoLineIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new LimitedLog(0));
  }
}
