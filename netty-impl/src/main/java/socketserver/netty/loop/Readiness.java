package socketserver.netty.loop;

import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import socketserver.netty.ground.ChannelErrors;
import socketserver.spi.Endpoint;
import socketserver.spi.ReadinessSource;
import socketserver.spi.VirtualThreads;

/**
 * Lets threads wait until a socket may be read or written. Nothing is read here: whoever waits
 * makes the system call, and comes here when the system has said that it would have to wait.
 *
 * <p>A platform thread asks the system itself, with an {@link OwnPoller} that stays with the socket
 * from one wait to the next, so that nobody has to be woken. A virtual thread, which must not wait
 * in the system, and a thread that has waited for long leave that to a shared event loop; for
 * virtual threads that is one that runs where they do ({@link RelayedHandler}). With epoll that
 * loop is asked once in the life of a socket: it tells each change (EPOLLET in epoll(7)), and what
 * it told and nobody has taken notice of is kept.
 *
 * <p><b>Locks.</b> The loop takes none. Those who ask it exclude one another.
 */
public final class Readiness {
  // The numbers of sys/epoll.h, as in ReadinessSource

  public static final int READ = ReadinessSource.IN;
  static final int URGENT = ReadinessSource.PRI;
  public static final int WRITE = ReadinessSource.OUT;
  static final int LOST = ReadinessSource.ERR | ReadinessSource.HUP;
  static final int ENDING = ReadinessSource.RDHUP;

  /** After this time a thread that waits gives its poller to others, and is woken instead. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Nobody can ask the system now: others have the pollers. */
  public static final int CANNOT_ASK = -1;

  private static final Runnable NOTHING = () -> {};
  private static final BooleanSupplier NEVER = () -> false;

  private final Engine engine;
  private final IoEventLoop loop;

  /** Gives the descriptor, or the JDK's channel. */
  private final Supplier<Object> source;

  /** The poller that knows the socket and that nobody uses, or null. */
  private final AtomicReference<OwnPoller> own = new AtomicReference<>();

  /** The poller that somebody waits with, or null. */
  private final AtomicReference<OwnPoller> polling = new AtomicReference<>();

  /** Threads that the loop is to wake. */
  private final Queue<Thread> parked = new ConcurrentLinkedQueue<>();

  /** Guarded by this for writing: the socket as a loop has it; null if none does. */
  private volatile Watched shared;

  /** Guarded by this: that loop. */
  private IoEventLoop sharing;

  /** Written by any thread, for good: the socket's virtual threads run on its loop. */
  private volatile boolean staysOnLoop;

  /** Guarded by this: what the loop is asked about for those who are parked. */
  private int wanted;

  /** Guarded by this: what the loop is asked about for {@link #onChange}. */
  private int watchedFor;

  /** Whom the loop tells of each change, or null. Written before the loop is asked. */
  private volatile Runnable onChange;

  /** What the loop has told and nobody has taken notice of. */
  private final AtomicInteger told = new AtomicInteger();

  /** Written by the loop: how often it has told that there is something to read. */
  private volatile int toldToRead;

  /** Written by the loop: how often it has told that there is room to write. */
  private volatile int toldToWrite;

  /** Written by the loop: something was told that does not go away by reading what is there. */
  private volatile boolean ending;

  /** What the loop does when the socket can be written. */
  private final AtomicReference<Runnable> whenWritable = new AtomicReference<>();

  /** Set by any thread, for good. */
  private volatile boolean closed;

  public Readiness(Engine engine, Object source) {
    this(engine, engine.next(), () -> source);
  }

  /**
   * Makes what waits for a socket.
   *
   * @param source gives the descriptor, or the JDK's channel; another after {@link #forget}
   */
  public Readiness(Engine engine, IoEventLoop loop, Supplier<Object> source) {
    this.engine = engine;
    this.loop = loop;
    this.source = source;
  }

  /**
   * Waits; a call that does not wait may still have nothing to read or no room to write.
   *
   * @param event READ, WRITE or both
   * @param timeoutNanos how long
   * @return false if the time is over
   * @throws IOException if the thread is interrupted, or this is closed
   */
  public boolean await(int event, long timeoutNanos) throws IOException {
    return await(event, timeoutNanos, NEVER);
  }

  /**
   * As {@link #await(int, long)}, until a condition holds; {@link #wake} has it looked at.
   *
   * @param ended whether to wait no longer, as if the event were there
   */
  public boolean await(int event, long timeoutNanos, BooleanSupplier ended) throws IOException {
    return waitFor(event, timeoutNanos, ended) != How.TIME_OVER;
  }

  /** How a wait has ended. */
  public enum How {
    TIME_OVER,
    /** What was to end it is so. */
    ENDED,
    /** The system was asked, and the event is there. */
    ASKED,
    /** A loop has told of the event, which may have been some time ago. */
    TOLD
  }

  /** As {@link #await(int, long, BooleanSupplier)}, and says what is known of the event. */
  public How waitFor(int event, long timeoutNanos, BooleanSupplier ended) throws IOException {
    long start = timeoutNanos == 0 ? 0 : System.nanoTime();
    boolean isVirtual = VirtualThreads.isCurrent();
    boolean patient = true;
    int before = timesTold(event);
    while (true) {
      if (ended.getAsBoolean()) {
        return How.ENDED;
      }
      if (closed) {
        throw ChannelErrors.closed();
      }
      // who waits beside others must not miss what one of them takes notice of
      if (timeoutNanos != 0 && (takeTold(event) || timesTold(event) != before)) {
        return How.TOLD;
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted while waiting for a connection");
      }
      long waited = timeoutNanos == 0 ? 0 : System.nanoTime() - start;
      long left =
          timeoutNanos == Endpoint.FOREVER ? timeoutNanos : Math.max(timeoutNanos - waited, 0);
      int ready = CANNOT_ASK;
      // a look at the system does not wait
      if (patient && !isVirtual || left == 0) {
        patient = waited < PATIENCE_NANOS;
        ready = poll(event, left, patient && !isVirtual, ended);
      }
      if (ready != CANNOT_ASK && (ready & event) != 0) {
        return How.ASKED;
      }
      if (left == 0) {
        boolean told = ready == CANNOT_ASK && takeTold(event);
        return told ? How.TOLD : ended.getAsBoolean() ? How.ENDED : How.TIME_OVER;
      }
      if (ready == CANNOT_ASK) {
        park(event, left, () -> timesTold(event) != before || ended.getAsBoolean());
      }
    }
  }

  /**
   * Asks the system what is ready, without a wait.
   *
   * @return which of the events are; CANNOT_ASK if that is not known
   */
  public int check(int event) throws IOException {
    int ready = poll(event, 0, !VirtualThreads.isCurrent(), NEVER);
    return ready == CANNOT_ASK ? ready : ready & event;
  }

  private boolean takeTold(int event) {
    return (told.get() & event) != 0 && (told.getAndUpdate(bits -> bits & ~event) & event) != 0;
  }

  private int timesTold(int event) {
    return ((event & READ) == 0 ? 0 : toldToRead) + ((event & WRITE) == 0 ? 0 : toldToWrite);
  }

  /** Whether the peer has ended or urgent data has come: a short read was not all there is. */
  public boolean isEnding() {
    return ending;
  }

  // With a poller of one's own

  /**
   * Waits for the system.
   *
   * @param keep whether the poller stays with the socket
   * @return what is ready; CANNOT_ASK if somebody else waits with a poller, or there is none
   */
  private int poll(int event, long left, boolean keep, BooleanSupplier ended) throws IOException {
    if (polling.get() != null) {
      return CANNOT_ASK;
    }
    OwnPoller idle = own.getAndSet(null);
    OwnPoller poller = idle == null ? engine.pollers().take() : idle;
    if (poller == null) {
      return CANNOT_ASK;
    }
    boolean whole = false;
    boolean kept = keep;
    try {
      if (idle == null) {
        silence();
        poller.watch(engine.mechanism(), source.get());
      }
      int ready = CANNOT_ASK;
      if (polling.compareAndSet(null, poller)) {
        long most = left < 0 ? PATIENCE_NANOS : Math.min(left, PATIENCE_NANOS);
        ready =
            poller.await(
                event, most, () -> closed || (told.get() & event) != 0 || ended.getAsBoolean());
      } else {
        kept = false;
      }
      whole = true;
      return ready;
    } finally {
      polling.compareAndSet(poller, null);
      if (!whole) {
        engine.pollers().drop(poller);
      } else if (!kept || !own.compareAndSet(null, poller)) {
        giveBack(poller);
      } else if (closed) {
        giveBackOwn();
      }
    }
  }

  /** Has the loop say nothing while somebody else asks. */
  private void silence() throws IOException {
    if (shared != null) {
      synchronized (this) {
        if (shared != null && wanted == 0 && whenWritable.get() == null) {
          shared.ask(0);
        }
      }
    }
  }

  private void giveBackOwn() {
    OwnPoller idle = own.getAndSet(null);
    if (idle != null) {
      giveBack(idle);
    }
  }

  private void giveBack(OwnPoller poller) {
    boolean whole = false;
    try {
      poller.unwatch();
      whole = true;
    } finally {
      if (whole) {
        engine.pollers().give(poller);
      } else {
        engine.pollers().drop(poller);
      }
    }
  }

  // With an event loop

  private void park(int event, long left, BooleanSupplier ended) throws IOException {
    Thread current = Thread.currentThread();
    try {
      parked.add(current);
      ask(event);
      if (ended.getAsBoolean() || closed || (told.get() & event) != 0) {
        return;
      }
      if (left == Endpoint.FOREVER) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, left);
      }
    } finally {
      parked.remove(current);
      synchronized (this) {
        wanted &= ~event;
      }
    }
  }

  private synchronized void ask(int event) throws IOException {
    if (closed) {
      return;
    }
    if (shared == null) {
      boolean elsewhere = !staysOnLoop && VirtualThreads.isCurrent();
      sharing = elsewhere ? engine.nextVirtual(loop) : loop;
      Watched made = engine.mechanism().watched(source.get(), true, this::happened);
      made.registered(Engine.register(sharing, made));
      shared = made;
    }
    wanted |= event;
    shared.ask(wanted | watchedFor | (whenWritable.get() == null ? 0 : WRITE));
    if (shared.isHeardLate() && !sharing.inEventLoop()) {
      sharing.execute(NOTHING);
    }
  }

  /** On the loop's thread. */
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // the loop alone writes it
  private void happened(int events) {
    told.getAndUpdate(bits -> bits | events);
    toldToRead += events & READ;
    toldToWrite += events & WRITE;
    if ((events & (LOST | ENDING | URGENT)) != 0) {
      ending = true;
    }
    wakeParked();
    if ((events & WRITE) != 0) {
      runWhenWritable();
    }
    Runnable change = onChange;
    if (change != null) {
      change.run();
    }
  }

  private void runWhenWritable() {
    Runnable task = whenWritable.getAndSet(null);
    if (task != null) {
      task.run();
    }
  }

  /**
   * Has the loop do something, which must not wait, when the socket can be written; once. What was
   * to be done before is forgotten.
   */
  public void whenWritable(Runnable task) throws IOException {
    whenWritable.set(task);
    ask(0);
    if (takeTold(WRITE)) {
      runWhenWritable();
    }
  }

  /**
   * Asks the system what is ready, without a wait, and has the loop tell when more is. For sockets
   * without a descriptor, of which nothing else can tell.
   */
  int look(Runnable change) throws IOException {
    OwnPoller poller = engine.pollers().take();
    int ready = 0;
    if (poller != null) {
      boolean whole = false;
      try {
        poller.watch(engine.mechanism(), source.get());
        ready = poller.await(READ | WRITE, 0, NEVER);
        whole = true;
      } finally {
        if (whole) {
          giveBack(poller);
        } else {
          engine.pollers().drop(poller);
        }
      }
    }
    onChange = change;
    synchronized (this) {
      watchedFor = (READ | WRITE) & ~ready;
      ask(0);
    }
    return ready;
  }

  /** Something was taken: whoever {@link #look looks} is to be told of the next. */
  public void taken() throws IOException {
    if (onChange != null) {
      synchronized (this) {
        watchedFor |= READ;
        ask(0);
      }
    }
  }

  private void wakeParked() {
    for (Thread thread : parked) {
      LockSupport.unpark(thread);
    }
  }

  // On any thread

  /** Handlers are to run on the socket's loop, which then wakes them. */
  public void stayOnLoop() {
    staysOnLoop = true;
  }

  /** Has all who wait look again. */
  public void wake() {
    wakeParked();
    OwnPoller inUse = polling.get();
    if (inUse != null) {
      inUse.wakeup();
    }
  }

  /** The socket is another one from now on. Nobody waits. */
  public synchronized void forget() {
    giveBackOwn();
    if (shared != null) {
      shared.cancel();
      if (shared.isForgottenLate()) {
        giveTurn(sharing);
      }
      shared = null;
    }
  }

  private static void giveTurn(IoEventLoop loop) {
    try {
      loop.execute(NOTHING);
    } catch (RejectedExecutionException e) {
      // it has ended, and has forgotten all
    }
  }

  /** Nobody waits any more, and the caller keeps others from it. */
  public void close() {
    closed = true;
    wake();
    OwnPoller left = polling.getAndSet(null);
    if (left != null) {
      // an Error has interrupted who had it
      engine.pollers().drop(left);
    }
    giveBackOwn();
    forget();
  }
}
