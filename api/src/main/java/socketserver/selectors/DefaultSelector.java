package socketserver.selectors;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import socketserver.select.Epoll;
import socketserver.select.PollEvent;
import socketserver.select.Selectable;

/**
 * Python's {@code selectors.DefaultSelector}, which on Linux is its {@code EpollSelector}.
 *
 * <p>May be used from any thread; while one waits in {@link #select}, others may register and
 * unregister.
 */
public final class DefaultSelector implements AutoCloseable {
  /** There is something to read, or a connection to accept. */
  public static final int EVENT_READ = 1;

  /** There is room to write. */
  public static final int EVENT_WRITE = 2;

  private final Epoll epoll = new Epoll();

  /** By number. Changed with this locked; select reads it without. */
  private final Map<Integer, SelectorKey> keys = new ConcurrentHashMap<>();

  /** Makes a selector with nothing registered. */
  public DefaultSelector() {}

  /**
   * Registers something without data (Python: {@code register(fileobj, events)}).
   *
   * @param fileobj a socket, a server, a reader
   * @param events {@link #EVENT_READ}, {@link #EVENT_WRITE}, or both
   * @return its key
   * @throws IOException as {@link #register(Selectable, int, Object)}
   */
  public SelectorKey register(Selectable fileobj, int events) throws IOException {
    return register(fileobj, events, null);
  }

  /**
   * Registers something (Python: {@code register(fileobj, events, data)}).
   *
   * @param fileobj a socket, a server, a reader
   * @param events {@link #EVENT_READ}, {@link #EVENT_WRITE}, or both
   * @param data what the program wants to find with it; may be null
   * @return its key
   * @throws IOException if the system refuses, as for a regular file
   * @throws IllegalArgumentException if it is closed, or the events are none or others (Python:
   *     ValueError)
   * @throws IllegalStateException if its descriptor is registered (Python: KeyError), or this is
   *     closed
   */
  public synchronized SelectorKey register(Selectable fileobj, int events, Object data)
      throws IOException {
    Objects.requireNonNull(fileobj, "fileobj is null");
    checkEvents(events);
    checkOpen();
    int fd = fileobj.fileno();
    if (fd < 0) {
      throw new IllegalArgumentException("invalid file descriptor: " + fd + ", it is closed");
    }
    SelectorKey before = keys.get(fd);
    if (before != null && before.fileobj().fileno() == fd) {
      throw new IllegalStateException("already registered: descriptor " + fd);
    }
    epoll.register(fileobj, toEpoll(events));
    SelectorKey key = new SelectorKey(fileobj, fd, events, data);
    keys.put(fd, key);
    return key;
  }

  /**
   * Forgets something, also what has been closed since (Python: {@code unregister(fileobj)}).
   *
   * @param fileobj what was registered
   * @return its key
   * @throws IOException if the system refuses
   * @throws NoSuchElementException if it is not registered (Python: KeyError)
   * @throws IllegalStateException if this is closed
   */
  public synchronized SelectorKey unregister(Selectable fileobj) throws IOException {
    checkOpen();
    SelectorKey key = getKey(fileobj);
    keys.remove(key.fd());
    try {
      epoll.unregister(key.fd());
    } catch (NoSuchElementException e) {
      // it is closed, so that the epoll has forgotten it
    }
    return key;
  }

  /**
   * Changes what something is registered for, and its data (Python: {@code modify(fileobj, events,
   * data)}).
   *
   * @param fileobj what was registered
   * @param events {@link #EVENT_READ}, {@link #EVENT_WRITE}, or both
   * @param data its new data; may be null
   * @return its new key
   * @throws IOException if the system refuses
   * @throws IllegalArgumentException if the events are none or others (Python: ValueError)
   * @throws NoSuchElementException if it is not registered (Python: KeyError)
   * @throws IllegalStateException if this is closed
   */
  public synchronized SelectorKey modify(Selectable fileobj, int events, Object data)
      throws IOException {
    checkEvents(events);
    checkOpen();
    SelectorKey key = getKey(fileobj);
    if (events != key.events()) {
      epoll.modify(key.fd(), toEpoll(events));
    }
    SelectorKey changed = new SelectorKey(key.fileobj(), key.fd(), events, data);
    keys.put(key.fd(), changed);
    return changed;
  }

  /**
   * Changes what something is registered for, and takes its data away (Python: {@code
   * modify(fileobj, events)}).
   *
   * @param fileobj what was registered
   * @param events {@link #EVENT_READ}, {@link #EVENT_WRITE}, or both
   * @return its new key
   * @throws IOException as {@link #modify(Selectable, int, Object)}
   */
  public SelectorKey modify(Selectable fileobj, int events) throws IOException {
    return modify(fileobj, events, null);
  }

  /**
   * Waits until something is ready (Python: {@code select()}).
   *
   * @return what is ready
   * @throws IOException as {@link #select(Duration)}
   */
  public List<ReadyKey> select() throws IOException {
    return select(null);
  }

  /**
   * Waits for a time until something is ready (Python: {@code select(timeout)}).
   *
   * @param timeout how long; zero or negative only looks; null has no limit
   * @return what is ready; empty if the time is over
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   * @throws IOException if the system refuses
   * @throws IllegalStateException if this is closed
   */
  public List<ReadyKey> select(Duration timeout) throws IOException {
    Duration wait = timeout != null && timeout.isNegative() ? Duration.ZERO : timeout;
    List<PollEvent> events = epoll.poll(wait, Math.max(keys.size(), 1));
    List<ReadyKey> ready = new ArrayList<>(events.size());
    for (PollEvent event : events) {
      SelectorKey key = keys.get(event.fd());
      if (key == null) {
        continue;
      }
      int told = 0;
      // an error or a hang-up is for both, so that the program's next call finds it
      if (event.has(~Epoll.EPOLLIN)) {
        told |= EVENT_WRITE;
      }
      if (event.has(~Epoll.EPOLLOUT)) {
        told |= EVENT_READ;
      }
      if ((told & key.events()) != 0) {
        ready.add(new ReadyKey(key, told & key.events()));
      }
    }
    return ready;
  }

  /**
   * Returns the key of something (Python: {@code get_key(fileobj)}).
   *
   * @param fileobj what was registered
   * @return its key
   * @throws NoSuchElementException if it is not registered (Python: KeyError)
   * @throws IllegalStateException if this is closed (Python: RuntimeError)
   */
  public SelectorKey getKey(Selectable fileobj) {
    checkOpen();
    SelectorKey key = keys.get(fileobj.fileno());
    if (key != null) {
      return key;
    }
    return keys.values().stream()
        .filter(candidate -> candidate.fileobj() == fileobj)
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("not registered: " + fileobj));
  }

  /**
   * Returns what is registered (Python: {@code get_map()}).
   *
   * @return the keys by what was registered, as they are now; cannot be changed; null once this is
   *     closed
   */
  public Map<Selectable, SelectorKey> getMap() {
    if (epoll.closed()) {
      return null;
    }
    Map<Selectable, SelectorKey> map = new LinkedHashMap<>();
    keys.values().forEach(key -> map.put(key.fileobj(), key));
    return Collections.unmodifiableMap(map);
  }

  /** Forgets everything; who waits ends with an exception. Idempotent. */
  @Override
  public synchronized void close() {
    epoll.close();
    keys.clear();
  }

  private void checkOpen() {
    if (epoll.closed()) {
      throw new IllegalStateException("the selector is closed");
    }
  }

  private static void checkEvents(int events) {
    if (events == 0 || (events & ~(EVENT_READ | EVENT_WRITE)) != 0) {
      throw new IllegalArgumentException("invalid events: " + events);
    }
  }

  private static int toEpoll(int events) {
    return ((events & EVENT_READ) != 0 ? Epoll.EPOLLIN : 0)
        | ((events & EVENT_WRITE) != 0 ? Epoll.EPOLLOUT : 0);
  }
}
