package socketserver.leaks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails the whole run if any test has lost a buffer of Netty's. JUnit finds this extension by
 * itself; when all tests have run it lets the garbage collector find what was lost.
 *
 * <p>To be sure that a leak would have been noticed it leaks one buffer itself, and waits for that
 * one's report.
 */
public final class LeakCheck implements BeforeAllCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(LeakCheck.class);
  private static final long LIMIT_NANOS = 20_000_000_000L;

  private final LeakRecorder recorder = LeakRecorder.INSTALLED;

  /** Made by JUnit, before the first test. */
  public LeakCheck() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    AutoCloseable atTheEnd = this::check;
    context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent("check", key -> atTheEnd);
  }

  private void check() {
    if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
      System.err.println(
          "SKIPPED: leaks are looked for with -Dio.netty.leakDetection.level=paranoid");
      return;
    }
    leakOne();
    awaitItsReport();
    List<String> leaks =
        recorder.reports().stream()
            .filter(report -> !report.contains(LeakRecorder.DELIBERATE))
            .toList();
    if (!leaks.isEmpty()) {
      throw new AssertionError(
          leaks.size() + " leaks were reported:\n" + String.join("\n\n", leaks));
    }
  }

  private static void leakOne() {
    ByteBufAllocator.DEFAULT.buffer(1).touch(LeakRecorder.DELIBERATE);
  }

  private void awaitItsReport() {
    long begin = System.nanoTime();
    while (recorder.reports().stream()
        .noneMatch(report -> report.contains(LeakRecorder.DELIBERATE))) {
      if (System.nanoTime() - begin > LIMIT_NANOS) {
        throw new AssertionError("a leaked buffer was not reported: no leak would have been");
      }
      System.gc();
      LockSupport.parkNanos(10_000_000);
      // a detector reports what was found when it is next asked for something
      ByteBuf buffer = ByteBufAllocator.DEFAULT.buffer(1);
      buffer.release();
    }
  }
}
