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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import socketserver.spi.Endpoint;
import socketserver.spi.Poller;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StackSpace;
import socketserver.spi.VirtualThreads;

/**
 * What {@link Select}, {@link Poll} and {@link Epoll} are made of: registrations, and a list of
 * those that may be ready, as Linux keeps one for each epoll. Descriptors are watched by a {@link
 * Poller}; what this process itself knows of a source, the source tells. A turn costs as much as
 * there are sources that are ready.
 *
 * <p>One thread at a time has the turn: it waits, or changes registrations. Others that want to
 * change something wake it, and it does so for them; others that want to wait queue for the turn.
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

  /** Whether the poller is closed when there is no descriptor for it: nobody calls close. */
  private final boolean frugal;

  /** The turn. Fair, so that one who comes back at once does not keep others from it. */
  private final ReentrantLock turn = new ReentrantLock(true);

  /** What others have to do in the turn. */
  private final Queue<Change> changes = new ConcurrentLinkedQueue<>();

  /** Sources of which something has changed. */
  private final Queue<Registration> changed = new ConcurrentLinkedQueue<>();

  /** By number. Guarded by turn. */
  private final Map<Integer, Registration> registrations = new HashMap<>();

  /** What may be ready, in the order in which it is told. Guarded by turn. */
  private final Set<Registration> ready = new LinkedHashSet<>();

  /** Guarded by turn: how many descriptors the poller watches. */
  private int descriptors;

  /** Guarded by turn for writing. */
  private volatile Poller poller = new Parking();

  /** Guarded by turn: closes the poller if nobody else does; null if there is none to close. */
  private PollerHold hold;

  /** Written by who has the turn: it is about to wait, or does. */
  private volatile boolean waiting;

  /** Guarded by turn for writing. */
  private volatile boolean closed;

  private EventPoll(String name, boolean tellsClosed, boolean frugal) {
    this.name = name;
    this.tellsClosed = tellsClosed;
    this.frugal = frugal;
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
    inTurn(
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
    inTurn(
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
      watch(registration);
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
    inTurn(() -> change(registered(number), events));
  }

  private void change(Registration registration, int events) throws IOException {
    registration.events = events;
    registration.armed = true;
    registration.system = 0;
    if (registration.descriptor >= 0) {
      poller.modify(registration.descriptor, events);
    }
    registration.changed();
  }

  /** Forgets something. */
  void unregister(int number) throws IOException {
    StackSpace.reserveMuch();
    inTurn(() -> forget(registered(number)));
  }

  /** Forgets something, if it is still registered. */
  void discard(Selectable fileobj, int number) throws IOException {
    StackSpace.reserveMuch();
    inTurn(
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
      inTurn(
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

  /** Has the poller watch the descriptor, if there is one. With the turn. */
  private void watch(Registration registration) throws IOException {
    int descriptor = registration.source.descriptor();
    if (descriptor < 0) {
      return;
    }
    if (descriptors == 0 && poller instanceof Parking) {
      open(registration.source.openPoller());
    }
    try {
      poller.add(descriptor, registration.events, registration.watcher);
    } catch (IOException | RuntimeException | Error e) {
      closeIfUnused();
      throw e;
    }
    registration.descriptor = descriptor;
    descriptors++;
  }

  /** Has the poller watch the descriptor no more. With the turn. */
  private void unwatch(Registration registration) {
    if (registration.descriptor < 0) {
      return;
    }
    poller.remove(registration.descriptor);
    registration.descriptor = -1;
    registration.system = 0;
    descriptors--;
    closeIfUnused();
  }

  private void closeIfUnused() {
    if (descriptors == 0 && frugal) {
      closePoller();
    }
  }

  private void open(Poller opened) {
    hold = new PollerHold(this, opened);
    poller = opened;
  }

  private void closePoller() {
    if (hold != null) {
      hold.close();
      hold = null;
      poller = new Parking();
    }
  }

  private void forget(Registration registration) {
    registration.source.unwatch(registration.watcher);
    unwatch(registration);
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
    if (waiting) {
      poller.wakeup();
    }
  }

  /** Its descriptor is about to be closed. On any thread. */
  void release(Registration registration, int descriptor) {
    StackSpace.reserveMuch();
    try {
      inTurn(
          () -> {
            if (registration.descriptor == descriptor) {
              unwatch(registration);
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
      if (!enter(timeoutNanos)) {
        return List.of();
      }
      askAnew();
      while (true) {
        runChanges();
        // also against what was done just now
        checkOpen();
        takeChanged();
        long left = left(timeoutNanos, start);
        await(isSomethingReady() ? 0 : left);
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
    } finally {
      if (turn.isHeldByCurrentThread()) {
        turn.unlock();
      }
      runLeftChanges();
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

  private static long left(long timeoutNanos, long start) {
    return timeoutNanos == Endpoint.FOREVER
        ? timeoutNanos
        : Math.max(timeoutNanos - (System.nanoTime() - start), 0);
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
          watch(next);
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
      if (!registration.armed && !systemKnows && registration.descriptor >= 0) {
        // what the system itself has told it tells once anyway
        poller.modify(registration.descriptor, Epoll.EPOLLONESHOT);
      }
    }
    // the others first, next time
    ready.addAll(again);
    return events;
  }

  /** Waits for the turn; false if the time is over, or if nothing is ready for who cannot wait. */
  private boolean enter(long timeoutNanos) throws IOException {
    if (turn.tryLock()) {
      return true;
    }
    try {
      if (timeoutNanos == Endpoint.FOREVER) {
        turn.lockInterruptibly();
        return true;
      }
      if (timeoutNanos > 0) {
        return turn.tryLock(timeoutNanos, TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted in " + name);
    }
    while (!turn.tryLock()) {
      if (waiting) {
        return false;
      }
      Thread.yield();
    }
    return true;
  }

  private void await(long nanos) throws IOException {
    Poller current = poller;
    waiting = true;
    try {
      if (nanos != 0 && current.waitsInSystem() && VirtualThreads.isCurrent()) {
        BlockingWait.run(current, nanos, this::mayWait);
      } else if (nanos != 0 && current.waitsInSystem()) {
        InterruptWakeup.run(current, nanos, this::mayWait);
      } else {
        current.run(nanos, this::mayWait);
      }
    } finally {
      waiting = false;
    }
  }

  private boolean mayWait() {
    return changes.isEmpty() && changed.isEmpty();
  }

  // The turn

  /** What is done in the turn. */
  private interface Work {
    void run() throws IOException;
  }

  private void inTurn(Work work) throws IOException {
    if (turn.isHeldByCurrentThread()) {
      work.run();
      return;
    }
    if (turn.tryLock()) {
      try {
        try {
          runChanges();
          work.run();
        } finally {
          turn.unlock();
        }
      } finally {
        runLeftChanges();
      }
      return;
    }
    Change change = new Change(work::run);
    changes.add(change);
    poller.wakeup();
    // if whoever had the turn has left before this was added
    runLeftChanges();
    change.await(this::runLeftChanges);
  }

  private void runChanges() {
    for (Change change = changes.poll(); change != null; change = changes.poll()) {
      change.run();
    }
  }

  private void runLeftChanges() {
    while (!changes.isEmpty() && turn.tryLock()) {
      try {
        runChanges();
      } finally {
        turn.unlock();
      }
    }
  }

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
      inTurn(
          () -> {
            if (!closed) {
              closed = true;
              try {
                List.copyOf(registrations.values()).forEach(this::forget);
              } finally {
                closePoller();
              }
            }
          });
    } catch (IOException e) {
      throw new IllegalStateException("closing the " + name + " failed", e);
    }
  }
}
