package socketserver.injection;

/**
 * Something that happens at a step of one thread. {@link Steps} makes the library's code call
 * {@link #step} before and after each call that it makes, and before it asks for memory.
 */
public final class Injection {
  /** The thread whose steps are counted, or null. */
  private static volatile Thread armed;

  private static volatile Injection current;

  private final String name;
  private final Runnable event;
  private final long at;

  /** Written by the armed thread. */
  private volatile long steps;

  /** Written by the armed thread: what says where it happened, or null. */
  private volatile Throwable happened;

  /**
   * Makes what happens once.
   *
   * @param event what happens
   * @param at the number of the step at which it happens, from 1 on
   */
  Injection(String name, Runnable event, long at) {
    this.name = name;
    this.event = event;
    this.at = at;
  }

  /** From now on the steps of this thread count. */
  void arm() {
    current = this;
    armed = Thread.currentThread();
  }

  /** They do not count until it is armed again. */
  static void disarm() {
    armed = null;
  }

  /** Called by the library's code. */
  public static void step() {
    if (armed == Thread.currentThread()) {
      current.count();
    }
  }

  @SuppressWarnings("NonAtomicOperationOnVolatileField") // one thread is armed
  private void count() {
    steps = steps + 1;
    if (steps == at) {
      disarm();
      happened = new Throwable(name + " at step " + at);
      event.run();
    }
  }

  long steps() {
    return steps;
  }

  /** What says where it happened, or null if it did not. */
  Throwable happened() {
    return happened;
  }
}
