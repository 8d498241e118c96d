package socketserver.select;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.List;
import socketserver.spi.EarlyClasses;
import socketserver.spi.InterruptWakeup;
import socketserver.spi.StackSpace;

/**
 * Python's {@code select.select}: which of some sockets can be read, written, or have urgent data.
 *
 * <pre>{@code
 * Selected ready = Select.select(List.of(server, stdin), List.of(), List.of(), Duration.ofSeconds(1));
 * if (ready.rlist().contains(server)) { ... }
 * }</pre>
 */
public final class Select {
  /** What each thread asked for last: the next time it mostly asks for the same. */
  private static final ThreadLocal<Interests> INTERESTS = ThreadLocal.withInitial(Interests::new);

  static {
    EarlyClasses.initialize(
        MethodHandles.lookup(),
        List.of(
            BlockingWait.class,
            Change.class,
            EventPoll.class,
            Interests.class,
            InterruptWakeup.class,
            Parking.class,
            PollEvent.class,
            Registration.class,
            Selected.class,
            Timeout.class,
            Turn.class,
            WatchedDescriptors.class));
  }

  private Select() {}

  /**
   * Waits until something is ready (Python: {@code select(rlist, wlist, xlist)}).
   *
   * @param rlist what to read from
   * @param wlist what to write to
   * @param xlist what may have urgent data
   * @return those of each list that are ready
   * @throws IOException as {@link #select(List, List, List, Duration)}
   */
  public static Selected select(
      List<? extends Selectable> rlist,
      List<? extends Selectable> wlist,
      List<? extends Selectable> xlist)
      throws IOException {
    return select(rlist, wlist, xlist, null);
  }

  /**
   * Waits for a time until something is ready (Python: {@code select(rlist, wlist, xlist,
   * timeout)}).
   *
   * <p>A call for the same sockets as the last one of this thread makes no system call for those
   * that are not ready.
   *
   * @param rlist what to read from: data, a connection to accept, or the end of the stream
   * @param wlist what to write to
   * @param xlist what may have urgent data
   * @param timeout how long to wait; zero only looks; null has no limit
   * @return those of each list that are ready, in their order; nothing if the time is over
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   * @throws IOException if the system refuses
   * @throws IllegalArgumentException if something is closed, or the timeout negative (Python:
   *     ValueError)
   */
  public static Selected select(
      List<? extends Selectable> rlist,
      List<? extends Selectable> wlist,
      List<? extends Selectable> xlist,
      Duration timeout)
      throws IOException {
    StackSpace.reserveMuch();
    if (timeout != null && timeout.isNegative()) {
      throw new IllegalArgumentException("timeout must be non-negative: " + timeout);
    }
    return INTERESTS.get().select(rlist, wlist, xlist, Timeout.nanos(timeout));
  }
}
