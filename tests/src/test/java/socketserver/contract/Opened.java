package socketserver.contract;

import java.util.ArrayDeque;
import java.util.Deque;

/** Closes what a test has opened, the last first. */
final class Opened {
  private final Deque<AutoCloseable> things = new ArrayDeque<>();

  synchronized <T extends AutoCloseable> T add(T thing) {
    things.push(thing);
    return thing;
  }

  synchronized void close() throws Exception {
    Exception failure = null;
    while (!things.isEmpty()) {
      try {
        things.pop().close();
      } catch (Exception e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
