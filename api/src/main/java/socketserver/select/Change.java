package socketserver.select;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** Something that another thread does for the one that waits for it. */
final class Change {
  /** What there is to do. */
  interface Work {
    void run() throws IOException;
  }

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

  /** Waits until it is done, whoever interrupts. */
  void await() throws IOException {
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        break;
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
