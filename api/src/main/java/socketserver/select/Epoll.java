package socketserver.select;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import socketserver.spi.ReadinessSource;

/**
 * Python's {@code select.epoll}: registrations that stay, and a {@link #poll} that costs as much as
 * there is ready.
 *
 * <p>Level-triggered unless {@link #EPOLLET} is asked for: what is ready is told with each poll
 * until a call has changed that. A socket that is closed is forgotten. Connections and datagram
 * sockets on Linux are watched by an epoll(7) of this object's own, through Netty; of a listener,
 * of a connection that an event loop reads (because somebody waited in it, because of TLS, or for
 * want of epoll), and of what a reader has read ahead, this library itself knows.
 *
 * <p>May be used from any thread; several may poll at once. Where one waits and another registers
 * something, that counts at once.
 *
 * <p>Unlike Python's there is no descriptor of the epoll itself.
 */
public final class Epoll implements AutoCloseable {
  /** There is something to read, a connection to accept, or the end of the stream. */
  public static final int EPOLLIN = ReadinessSource.IN;

  /** There is urgent data. */
  public static final int EPOLLPRI = ReadinessSource.PRI;

  /** There is room to write. */
  public static final int EPOLLOUT = ReadinessSource.OUT;

  /** Something went wrong; told whether or not it was asked for. */
  public static final int EPOLLERR = ReadinessSource.ERR;

  /** Both directions have ended; told whether or not it was asked for. */
  public static final int EPOLLHUP = ReadinessSource.HUP;

  /** The peer has ended its direction. */
  public static final int EPOLLRDHUP = ReadinessSource.RDHUP;

  /** Tell once, and then not before {@link #modify}. */
  public static final int EPOLLONESHOT = 1 << 30;

  /** Tell of changes, not of states. */
  public static final int EPOLLET = 1 << 31;

  /** Python's default: FD_SETSIZE - 1. */
  private static final int DEFAULT_MAX_EVENTS = 1023;

  private static final int KNOWN = EventPoll.EVENTS | EPOLLONESHOT | EPOLLET;

  private final EventPoll poll = EventPoll.ofEpoll();

  /** Makes an epoll with nothing registered (Python: {@code select.epoll()}). */
  public Epoll() {}

  /**
   * Registers something for reading, writing and urgent data (Python: {@code register(fd)}).
   *
   * @param fileobj a socket, a server, a reader
   * @throws IOException if the system refuses, as for a regular file
   * @throws IllegalStateException if its descriptor is registered, or this is closed
   * @throws IllegalArgumentException if it is closed
   */
  public void register(Selectable fileobj) throws IOException {
    register(fileobj, EPOLLIN | EPOLLOUT | EPOLLPRI);
  }

  /**
   * Registers something (Python: {@code register(fd, eventmask)}).
   *
   * @param fileobj a socket, a server, a reader
   * @param eventmask what to tell of, and how: the constants of this class
   * @throws IOException if the system refuses, as for a regular file
   * @throws IllegalStateException if its descriptor is registered (Python: FileExistsError), or
   *     this is closed
   * @throws IllegalArgumentException if it is closed, or the mask has other bits
   */
  public void register(Selectable fileobj, int eventmask) throws IOException {
    poll.register(Objects.requireNonNull(fileobj, "fileobj is null"), checked(eventmask));
  }

  /**
   * Changes what something is registered for (Python: {@code modify(fd, eventmask)}).
   *
   * @param fileobj what was registered
   * @param eventmask what to tell of, and how
   * @throws IOException if the system refuses
   * @throws NoSuchElementException if it is not registered (Python: FileNotFoundError)
   * @throws IllegalStateException if this is closed
   */
  public void modify(Selectable fileobj, int eventmask) throws IOException {
    modify(poll.numberOf(fileobj), eventmask);
  }

  /**
   * As {@link #modify(Selectable, int)}, by number.
   *
   * @param fd the number of its descriptor, as {@link PollEvent#fd()} tells it
   * @param eventmask what to tell of, and how
   * @throws IOException if the system refuses
   * @throws NoSuchElementException if it is not registered
   * @throws IllegalStateException if this is closed
   */
  public void modify(int fd, int eventmask) throws IOException {
    poll.modify(fd, checked(eventmask));
  }

  /**
   * Forgets something (Python: {@code unregister(fd)}).
   *
   * @param fileobj what was registered
   * @throws IOException if waiting for its end failed
   * @throws NoSuchElementException if it is not registered (Python: FileNotFoundError)
   * @throws IllegalStateException if this is closed
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
   * @throws IllegalStateException if this is closed
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
   * @throws IllegalStateException if this is closed (Python: ValueError)
   */
  public List<PollEvent> poll() throws IOException {
    return poll(null);
  }

  /**
   * Waits for a time until something is ready (Python: {@code poll(timeout)}, in seconds).
   *
   * @param timeout how long; null or negative without limit
   * @return what is ready, each with its events; empty if the time is over
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   * @throws IOException if the system refuses
   * @throws IllegalStateException if this is closed (Python: ValueError)
   */
  public List<PollEvent> poll(Duration timeout) throws IOException {
    return poll(timeout, -1);
  }

  /**
   * Waits for a time until something is ready (Python: {@code poll(timeout, maxevents)}).
   *
   * @param timeout how long; null or negative without limit
   * @param maxevents how many to return at the most, 1 or more; what is left comes first the next
   *     time; -1 for 1023
   * @return what is ready, each with its events; empty if the time is over
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   * @throws IOException if the system refuses
   * @throws IllegalArgumentException if maxevents is 0 or below -1
   * @throws IllegalStateException if this is closed (Python: ValueError)
   */
  public List<PollEvent> poll(Duration timeout, int maxevents) throws IOException {
    if (maxevents == 0 || maxevents < -1) {
      throw new IllegalArgumentException("maxevents must be greater than 0, got " + maxevents);
    }
    return poll.poll(Timeout.nanos(timeout), maxevents < 0 ? DEFAULT_MAX_EVENTS : maxevents);
  }

  /**
   * Tells whether this is closed (Python: {@code closed}).
   *
   * @return true after {@link #close()}
   */
  public boolean closed() {
    return poll.isClosed();
  }

  /** Forgets everything; who waits ends with an exception. Idempotent. */
  @Override
  public void close() {
    poll.close();
  }

  private static int checked(int eventmask) {
    if ((eventmask & ~KNOWN) != 0) {
      throw new IllegalArgumentException(
          "unknown events: 0x" + Integer.toHexString(eventmask & ~KNOWN));
    }
    return eventmask;
  }
}
