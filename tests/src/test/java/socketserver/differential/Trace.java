package socketserver.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What happened in a server, in order: hooks that were called, and what handlers said. Filled by
 * the server's threads, or by the one that reads what Python reports; waited on by the client.
 */
final class Trace {
  /**
   * One thing that happened.
   *
   * @param client the name of the client's address, empty for none
   * @param process the child process in which it was; 0 for the server's own
   * @param text what it was
   */
  record Event(String client, long process, String text) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition added = lock.newCondition();

  /** Guarded by lock. */
  private final List<Event> events = new ArrayList<>();

  void add(String client, String text) {
    add(new Event(client, 0, text));
  }

  void add(String client, long process, String text) {
    add(new Event(client, process, text));
  }

  private void add(Event event) {
    lock.lock();
    try {
      events.add(event);
      added.signalAll();
    } finally {
      lock.unlock();
    }
  }

  List<Event> events() {
    lock.lock();
    try {
      return List.copyOf(events);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until something has happened so many times.
   *
   * @throws AssertionError if it has not in time
   */
  void await(String text, int times) throws InterruptedException {
    long left = Bound.WAIT.toNanos();
    lock.lock();
    try {
      while (events.stream().filter(event -> event.text().equals(text)).count() < times) {
        if (left <= 0) {
          throw new AssertionError(
              "\"" + text + "\" has not happened " + times + " times; so far: " + events);
        }
        left = added.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
