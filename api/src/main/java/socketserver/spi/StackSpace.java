package socketserver.spi;

/**
 * Room on the calling thread's stack. A {@link StackOverflowError} can come with any call, also
 * with the one that gives back a lock, or half-way through a hand-over to an event loop, which then
 * would wait for ever. So whoever is about to take a lock, to wait, to wake a thread or to hand
 * something over makes sure before, while nothing has happened yet, that there is room for all of
 * that.
 */
public final class StackSpace {
  /** Compiled, a level takes 32 bytes and a nanosecond; interpreted, three times as many bytes. */
  private static final int LEVELS = 128;

  /** For what loads classes, links call sites and makes channels. */
  private static final int MANY_LEVELS = 512;

  /**
   * As long as a process is young. What is used first is loaded and linked then, by the
   * interpreter; and a call site that fails to be linked is broken for all, for good.
   */
  private static final int YOUNG_LEVELS = 1024;

  /** How many calls a process is young for. */
  private static final int YOUNG = 20_000;

  /** How many have been made; exactly or not. */
  private static int calls;

  /** Written so that no compiler leaves the calls out. */
  @SuppressWarnings("unused")
  private static long result;

  private StackSpace() {}

  /**
   * Makes sure that there is room for a few calls of the library.
   *
   * @throws StackOverflowError if there is not
   */
  public static void reserve() {
    reserve(LEVELS);
  }

  /**
   * Makes sure that there is room for what happens once in the life of a socket or a server.
   *
   * @throws StackOverflowError if there is not
   */
  public static void reserveMuch() {
    reserve(MANY_LEVELS);
  }

  private static void reserve(int levels) {
    boolean young = calls < YOUNG;
    calls += young ? 1 : 0;
    result = descend(young ? YOUNG_LEVELS : levels, 1, 2);
  }

  private static long descend(int levels, long first, long second) {
    return levels == 0 ? first : (descend(levels - 1, second, first) ^ first) + second;
  }
}
