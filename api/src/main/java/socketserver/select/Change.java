package socketserver.select;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Something that another thread does for the one that waits for it. */
final class Change {
  /** What there is to do. */
  interface Work {
    void run() throws IOException;
  }

  private static final long PATIENCE_MILLIS = 10;

  private final Work work;
  private final CountDownLatch done = new CountDownLatch(1);

  /** Written before done. */
  private Throwable failure;

  Change(Work work) {
    this.work = work;
  }

  void run() {
    try {
      work.run();
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
    } finally {
      done.countDown();
    }
  }

  /**
   * Waits until it is done, whoever interrupts.
   *
   * @param again does it, if nobody else is about to: he may have died on the way
   */
  void await(Runnable again) throws IOException {
    boolean interrupted = false;
    while (true) {
      try {
        if (done.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
          break;
        }
        again.run();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }
}
