package socketserver.select;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import socketserver.spi.ReadinessSource;

/**
 * Python's {@code select.poll()}: registrations that stay, always level-triggered; what is closed
 * is told as {@link #POLLNVAL} until it is unregistered.
 *
 * <p>Costs as much as there is ready, like {@link Epoll}. Needs no close: what it keeps goes when
 * nothing that is open is registered any more. May be used from any thread; Python's refuses a
 * second thread, this one lets it wait.
 */
public final class Poll {
  /** There is something to read, a connection to accept, or the end of the stream. */
  public static final int POLLIN = ReadinessSource.IN;

  /** There is urgent data. */
  public static final int POLLPRI = ReadinessSource.PRI;

  /** There is room to write. */
  public static final int POLLOUT = ReadinessSource.OUT;

  /** Something went wrong; told whether or not it was asked for. */
  public static final int POLLERR = ReadinessSource.ERR;

  /** Both directions have ended; told whether or not it was asked for. */
  public static final int POLLHUP = ReadinessSource.HUP;

  /** It is closed; told whether or not it was asked for. */
  public static final int POLLNVAL = 0x020;

  /** The peer has ended its direction. */
  public static final int POLLRDHUP = ReadinessSource.RDHUP;

  private final EventPoll poll = EventPoll.ofPoll();

  /** Makes a poll with nothing registered (Python: {@code select.poll()}). */
  public Poll() {}

  /**
   * Registers something for reading, writing and urgent data (Python: {@code register(fd)}).
   *
   * @param fileobj a socket, a server, a reader
   * @throws IOException if the system refuses
   * @throws IllegalArgumentException if it is closed
   */
  public void register(Selectable fileobj) throws IOException {
    register(fileobj, POLLIN | POLLPRI | POLLOUT);
  }

  /**
   * Registers something, or changes what it is registered for (Python: {@code register(fd,
   * eventmask)}).
   *
   * @param fileobj a socket, a server, a reader
   * @param eventmask what to tell of
   * @throws IOException if the system refuses
   * @throws IllegalArgumentException if it is closed, or the mask has other bits
   */
  public void register(Selectable fileobj, int eventmask) throws IOException {
    Objects.requireNonNull(fileobj, "fileobj is null");
    poll.registerOrModify(fileobj, checked(eventmask));
  }

  /**
   * Changes what something is registered for (Python: {@code modify(fd, eventmask)}).
   *
   * @param fileobj what was registered
   * @param eventmask what to tell of
   * @throws IOException if the system refuses
   * @throws NoSuchElementException if it is not registered (Python: FileNotFoundError)
   */
  public void modify(Selectable fileobj, int eventmask) throws IOException {
    modify(poll.numberOf(fileobj), eventmask);
  }

  /**
   * As {@link #modify(Selectable, int)}, by number.
   *
   * @param fd the number of its descriptor, as {@link PollEvent#fd()} tells it
   * @param eventmask what to tell of
   * @throws IOException if the system refuses
   * @throws NoSuchElementException if it is not registered
   */
  public void modify(int fd, int eventmask) throws IOException {
    poll.modify(fd, checked(eventmask));
  }

  /**
   * Forgets something (Python: {@code unregister(fd)}).
   *
   * @param fileobj what was registered
   * @throws IOException if waiting for its end failed
   * @throws NoSuchElementException if it is not registered (Python: KeyError)
   */
  public void unregister(Selectable fileobj) throws IOException {
    unregister(poll.numberOf(fileobj));
  }

  /**
   * As {@link #unregister(Selectable)}, by number.
   *
   * @param fd the number of its descriptor, as {@link PollEvent#fd()} tells it
   * @throws IOException if waiting for its end failed
   * @throws NoSuchElementException if it is not registered
   */
  public void unregister(int fd) throws IOException {
    poll.unregister(fd);
  }

  /**
   * Waits until something is ready (Python: {@code poll()}).
   *
   * @return what is ready, each with its events
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   * @throws IOException if the system refuses
   */
  public List<PollEvent> poll() throws IOException {
    return poll(null);
  }

  /**
   * Waits for a time until something is ready (Python: {@code poll(timeout)}, in milliseconds).
   *
   * @param timeout how long; null or negative without limit
   * @return what is ready, each with its events; empty if the time is over
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   * @throws IOException if the system refuses
   */
  public List<PollEvent> poll(Duration timeout) throws IOException {
    return poll.poll(Timeout.nanos(timeout), Integer.MAX_VALUE);
  }

  private static int checked(int eventmask) {
    // a program may hand back what it was told
    if ((eventmask & ~(EventPoll.EVENTS | POLLNVAL)) != 0) {
      throw new IllegalArgumentException("unknown events: 0x" + Integer.toHexString(eventmask));
    }
    return eventmask & ~POLLNVAL;
  }
}
