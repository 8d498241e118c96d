package socketserver.select;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import socketserver.spi.Poller;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StackSpace;
import socketserver.spi.TimeLeft;

/**
 * What {@link Select}, {@link Poll} and {@link Epoll} are made of: registrations, and a list of
 * those that may be ready, as Linux keeps one for each epoll. Descriptors are watched by a {@link
 * Poller}; what this process itself knows of a source, the source tells. A turn costs as much as
 * there are sources that are ready.
 *
 * <p>One thread at a time has the {@link Turn}: it waits, or changes registrations.
 *
 * <p>Keeps what is registered, as events give it back. Nothing that is registered keeps this: when
 * nobody has it any more, its poller is closed.
 */
final class EventPoll implements AutoCloseable {
  static final int EVENTS =
      ReadinessSource.IN
          | ReadinessSource.PRI
          | ReadinessSource.OUT
          | ReadinessSource.ERR
          | ReadinessSource.HUP
          | ReadinessSource.RDHUP;

  private final String name;

  /** Whether what is closed is told, and not forgotten. */
  private final boolean tellsClosed;

  private final WatchedDescriptors descriptors;
  private final Turn turn;

  /** Sources of which something has changed. */
  private final Queue<Registration> changed = new ConcurrentLinkedQueue<>();

  /** By number. Guarded by turn. */
  private final Map<Integer, Registration> registrations = new HashMap<>();

  /** What may be ready, in the order in which it is told. Guarded by turn. */
  private final Set<Registration> ready = new LinkedHashSet<>();

  /** Guarded by turn for writing. */
  private volatile boolean closed;

  private EventPoll(String name, boolean tellsClosed, boolean frugal) {
    this.name = name;
    this.tellsClosed = tellsClosed;
    this.descriptors = new WatchedDescriptors(this, frugal);
    this.turn = new Turn(descriptors);
  }

  /** Forgets what is closed, as epoll does. */
  static EventPoll ofEpoll() {
    return new EventPoll("epoll", false, false);
  }

  /** Tells what is closed, as poll does. */
  static EventPoll ofPoll() {
    return new EventPoll("poll", true, true);
  }

  /** For select, which says what is closed before it waits. */
  static EventPoll ofSelect() {
    return new EventPoll("select", false, true);
  }

  // Registrations

  /**
   * Registers something.
   *
   * @throws IllegalStateException if its number is registered
   */
  void register(Selectable fileobj, int events) throws IOException {
    StackSpace.reserveMuch();
    int number = checkOpen(fileobj);
    // asked before, as it may take a lock that somebody holds who waits for the turn
    ReadinessSource source = fileobj.readiness();
    turn.run(
        () -> {
          checkOpen();
          Registration before = registrations.get(number);
          if (before != null && before.source.isOpen()) {
            throw new IllegalStateException(
                "already registered: descriptor " + number + "; use modify");
          }
          add(new Registration(this, fileobj, number, source, events));
        });
  }

  /** Registers something, or changes what it is registered for. */
  void registerOrModify(Selectable fileobj, int events) throws IOException {
    StackSpace.reserveMuch();
    int number = checkOpen(fileobj);
    // asked before, as it may take a lock that somebody holds who waits for the turn
    ReadinessSource source = fileobj.readiness();
    turn.run(
        () -> {
          checkOpen();
          Registration before = registrations.get(number);
          if (before != null && before.fileobj == fileobj) {
            change(before, events);
          } else {
            add(new Registration(this, fileobj, number, source, events));
          }
        });
  }

  private void add(Registration registration) throws IOException {
    Registration before = registrations.get(registration.number);
    if (before != null) {
      forget(before);
    }
    // before its descriptor is: who gives that up has to find somebody to tell
    try {
      registration.source.watch(registration.watcher);
      descriptors.add(registration);
    } catch (IOException | RuntimeException | Error e) {
      registration.source.unwatch(registration.watcher);
      throw e;
    }
    registrations.put(registration.number, registration);
    // what it knows itself is looked at with the next turn
    registration.changed();
  }

  /** Changes what something is registered for, and arms it anew. */
  void modify(int number, int events) throws IOException {
    StackSpace.reserveMuch();
    turn.run(() -> change(registered(number), events));
  }

  private void change(Registration registration, int events) throws IOException {
    registration.events = events;
    registration.armed = true;
    registration.system = 0;
    descriptors.modify(registration, events);
    registration.changed();
  }

  /** Forgets something. */
  void unregister(int number) throws IOException {
    StackSpace.reserveMuch();
    turn.run(() -> forget(registered(number)));
  }

  /** Forgets something, if it is still registered. */
  void discard(Selectable fileobj, int number) throws IOException {
    StackSpace.reserveMuch();
    turn.run(
        () -> {
          Registration registration = registrations.get(number);
          if (registration != null && registration.fileobj == fileobj) {
            forget(registration);
          }
        });
  }

  /** The number under which something is registered, also when it has been closed since; or -1. */
  int numberOf(Selectable fileobj) throws IOException {
    StackSpace.reserveMuch();
    int[] number = {fileobj.fileno()};
    if (number[0] < 0) {
      turn.run(
          () -> {
            for (Registration registration : registrations.values()) {
              if (registration.fileobj == fileobj) {
                number[0] = registration.number;
              }
            }
          });
    }
    return number[0];
  }

  private Registration registered(int number) {
    checkOpen();
    Registration registration = registrations.get(number);
    if (registration == null) {
      throw new NoSuchElementException("not registered: descriptor " + number);
    }
    return registration;
  }

  private static int checkOpen(Selectable fileobj) {
    int number = fileobj.fileno();
    if (number < 0) {
      throw new IllegalArgumentException("closed, so that it cannot be registered: " + fileobj);
    }
    return number;
  }

  private void forget(Registration registration) {
    registration.source.unwatch(registration.watcher);
    descriptors.remove(registration);
    registrations.remove(registration.number, registration);
    ready.remove(registration);
    registration.armed = false;
  }

  // What sources and the poller tell

  /** The system says that it is ready. With the turn. */
  void markReady(Registration registration) {
    ready.add(registration);
  }

  /** It may be ready. On any thread. */
  void markChanged(Registration registration) {
    changed.add(registration);
    if (descriptors.areAwaited()) {
      descriptors.wakeup();
    }
  }

  /** Its descriptor is about to be closed. On any thread. */
  void release(Registration registration, int descriptor) {
    StackSpace.reserveMuch();
    try {
      turn.run(
          () -> {
            if (registration.descriptor == descriptor) {
              descriptors.remove(registration);
            }
          });
    } catch (IOException e) {
      throw new IllegalStateException("a poller does not let go of descriptor " + descriptor, e);
    }
  }

  // Waiting

  /**
   * Waits until something is ready.
   *
   * @param most how many to return at the most
   */
  List<PollEvent> poll(long timeoutNanos, int most) throws IOException {
    StackSpace.reserveMuch();
    long start = System.nanoTime();
    try {
      if (!turn.enter(timeoutNanos)) {
        return List.of();
      }
      askAnew();
      while (true) {
        turn.runChanges();
        // also against what was done just now
        checkOpen();
        takeChanged();
        long left = TimeLeft.of(timeoutNanos, start);
        descriptors.await(isSomethingReady() ? 0 : left, this::mayWait);
        takeChanged();
        List<PollEvent> events = collect(most);
        if (events.isEmpty() && left == 0 && lookAgain()) {
          events = collect(most);
        }
        if (!events.isEmpty() || left == 0) {
          return events;
        }
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("interrupted in " + name);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted in " + name);
    } finally {
      turn.leave();
    }
  }

  /** Has what no poller watches looked at once more; whether there is such. With the turn. */
  private boolean lookAgain() {
    boolean any = false;
    for (Registration registration : registrations.values()) {
      if (registration.descriptor < 0) {
        any |= ready.add(registration);
      }
    }
    return any;
  }

  /** What the system said before is known no more, except of those that it tells once. */
  private void askAnew() {
    for (Registration registration : ready) {
      boolean toldOnce = (registration.events & (Epoll.EPOLLET | Epoll.EPOLLONESHOT)) != 0;
      if (!toldOnce) {
        registration.system = 0;
      }
    }
  }

  private void takeChanged() throws IOException {
    for (Registration next = changed.poll(); next != null; next = changed.poll()) {
      next.taken();
      if (registrations.get(next.number) != next) {
        continue;
      }
      if (!next.source.isOpen() && !tellsClosed) {
        forget(next);
      } else {
        if (next.descriptor < 0) {
          descriptors.add(next);
        }
        ready.add(next);
      }
    }
  }

  /**
   * Whether there is no need to wait. What is not ready as far as is known keeps its place: if the
   * system says that it is, it comes before those that were told the last time.
   */
  private boolean isSomethingReady() {
    for (Registration registration : ready) {
      if (registration.ready() != 0) {
        return true;
      }
    }
    return false;
  }

  private List<PollEvent> collect(int most) throws IOException {
    if (ready.isEmpty()) {
      return List.of();
    }
    List<PollEvent> events = new ArrayList<>(Math.min(most, ready.size()));
    List<Registration> again = new ArrayList<>();
    Iterator<Registration> candidates = ready.iterator();
    while (candidates.hasNext() && events.size() < most) {
      Registration registration = candidates.next();
      candidates.remove();
      int bits = registration.ready();
      if (bits == 0) {
        continue;
      }
      events.add(new PollEvent(registration.number, bits, registration.fileobj));
      boolean systemKnows = registration.system != 0;
      registration.told();
      if (registration.ready() != 0) {
        // it knows so itself, and says so until it has changed
        again.add(registration);
      }
      if (!registration.armed && !systemKnows) {
        // what the system itself has told it tells once anyway
        descriptors.modify(registration, Epoll.EPOLLONESHOT);
      }
    }
    // the others first, next time
    ready.addAll(again);
    return events;
  }

  private boolean mayWait() {
    return turn.hasNoChanges() && changed.isEmpty();
  }

  // The end

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("i/o operation on closed " + name + " object");
    }
  }

  /** Whether what is closed is told. */
  boolean tellsClosed() {
    return tellsClosed;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    StackSpace.reserveMuch();
    try {
      turn.run(
          () -> {
            if (!closed) {
              closed = true;
              try {
                List.copyOf(registrations.values()).forEach(this::forget);
              } finally {
                descriptors.close();
              }
            }
          });
    } catch (IOException e) {
      throw new IllegalStateException("closing the " + name + " failed", e);
    }
  }
}
