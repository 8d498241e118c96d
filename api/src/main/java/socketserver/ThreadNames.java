package socketserver;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Names threads as Python does: {@code Thread-N (process_request_thread)}, with one count for the
 * process.
 *
 * <p>In a Python program the thread that serves takes a number too, if it is not the main thread.
 * So it does here, although Java has named it otherwise; the requests are then numbered alike.
 */
final class ThreadNames {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final long MAIN_THREAD_ID = 1;

  private ThreadNames() {}

  static String next() {
    return "Thread-" + COUNT.incrementAndGet() + " (process_request_thread)";
  }

  @SuppressWarnings("deprecation") // threadId() came with Java 19
  static void serving(Thread thread) {
    if (thread.getId() != MAIN_THREAD_ID) {
      COUNT.incrementAndGet();
    }
  }
}
