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

  /** For what loads classes and makes channels. */
  private static final int MANY_LEVELS = 1024;

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
    result = descend(LEVELS, 1, 2);
  }

  /**
   * Makes sure that there is room for what happens once in the life of a socket or a server.
   *
   * @throws StackOverflowError if there is not
   */
  public static void reserveMuch() {
    result = descend(MANY_LEVELS, 1, 2);
  }

  private static long descend(int levels, long first, long second) {
    return levels == 0 ? first : (descend(levels - 1, second, first) ^ first) + second;
  }
}
