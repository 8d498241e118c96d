package socketserver.spi;

/**
 * Room on the calling thread's stack. A {@link StackOverflowError} can come with any call, also
 * with the one that gives back a lock, or half-way through a hand-over to an event loop, which then
 * would wait for ever. So whoever is about to take a lock, to wait, to wake a thread or to hand
 * something over makes sure before, while nothing has happened yet, that there is room for all of
 * that.
 */
public final class StackSpace {
  /** Half a KiB each, compiled; twice as much interpreted, half as much optimised. */
  private static final int LEVELS = 32;

  /** For what loads classes, links call sites and makes channels. */
  private static final int MANY_LEVELS = 96;

  /** As long as a process is young, when what is used first is loaded and linked. */
  private static final int YOUNG_LEVELS = 64;

  /**
   * How many calls a process is young for. A call site that fails to be linked is broken for all,
   * for good.
   */
  private static final int YOUNG = 20_000;

  /** How many calls there were; exactly or not. */
  private static int calls;

  /** Written so that no compiler leaves the calls out. */
  @SuppressWarnings("unused")
  private static long result;

  /** Volatile, so that no compiler reads it once for all. */
  private static volatile long one = 1;

  private StackSpace() {}

  /**
   * Makes sure that there is room for a few calls of the library. To close something takes this
   * much, and to open it more: so whoever could open it can close it.
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
    int call = calls++;
    result = descend(call >= 0 && call < YOUNG ? Math.max(levels, YOUNG_LEVELS) : levels);
    if (call % 1024 == 0) {
      result += descend(-1);
    }
  }

  /**
   * Calls itself. The frame is large because the values below need room in it, also when a call
   * does not use them. One call in a thousand does: a compiler leaves out what never happens.
   */
  private static long descend(int levels) {
    if (levels > 0) {
      return descend(levels - 1) + 1;
    }
    if (levels == 0) {
      return 0;
    }
    long a0 = one, a1 = one, a2 = one, a3 = one, a4 = one, a5 = one, a6 = one, a7 = one;
    long b0 = one, b1 = one, b2 = one, b3 = one, b4 = one, b5 = one, b6 = one, b7 = one;
    long c0 = one, c1 = one, c2 = one, c3 = one, c4 = one, c5 = one, c6 = one, c7 = one;
    long d0 = one, d1 = one, d2 = one, d3 = one, d4 = one, d5 = one, d6 = one, d7 = one;
    long e0 = one, e1 = one, e2 = one, e3 = one, e4 = one, e5 = one, e6 = one, e7 = one;
    long f0 = one, f1 = one, f2 = one, f3 = one, f4 = one, f5 = one, f6 = one, f7 = one;
    long g0 = one, g1 = one, g2 = one, g3 = one, g4 = one, g5 = one, g6 = one, g7 = one;
    long h0 = one, h1 = one, h2 = one, h3 = one, h4 = one, h5 = one, h6 = one, h7 = one;
    long sum = one;
    sum = (((sum * a0 + a1) * a2 + a3) * a4 + a5) * a6 + a7;
    sum = (((sum * b0 + b1) * b2 + b3) * b4 + b5) * b6 + b7;
    sum = (((sum * c0 + c1) * c2 + c3) * c4 + c5) * c6 + c7;
    sum = (((sum * d0 + d1) * d2 + d3) * d4 + d5) * d6 + d7;
    sum = (((sum * e0 + e1) * e2 + e3) * e4 + e5) * e6 + e7;
    sum = (((sum * f0 + f1) * f2 + f3) * f4 + f5) * f6 + f7;
    sum = (((sum * g0 + g1) * g2 + g3) * g4 + g5) * g6 + g7;
    sum = (((sum * h0 + h1) * h2 + h3) * h4 + h5) * h6 + h7;
    return sum;
  }
}
