package socketserver.netty.loop;

import io.netty.channel.ChannelException;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.BrokenPipeException;
import socketserver.ConnectionResetException;
import socketserver.Errno;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.ground.LoopCall;
import socketserver.netty.ground.NativeSocket;
import socketserver.netty.ground.Scratch;
import socketserver.netty.ground.Waiters;
import socketserver.spi.EarlyClasses;
import socketserver.spi.OutOfResourcesException;
import socketserver.spi.StackSpace;
import socketserver.spi.SystemErrors;
import socketserver.spi.VirtualThreads;

/**
 * The event loops that all sockets of the process share: as many as there are cores, daemon
 * threads. The first socket starts them, the last to close stops them.
 */
public final class Engine {
  /** How long closing the last server waits for connections that still send what was written. */
  private static final long SETTLE_MILLIS = 1000;

  /** What handlers and errors need: with a class that failed to load nobody could go on. */
  private static final List<Class<?>> NEEDED_LATER =
      List.of(
          BrokenPipeException.class,
          ChannelErrors.class,
          ConnectionResetException.class,
          EpollPoller.class,
          Errno.class,
          LoopCall.class,
          OutOfResourcesException.class,
          OwnPoller.class,
          Pollers.class,
          Readiness.class,
          RelayedHandler.class,
          Scratch.class,
          StackSpace.class,
          SystemErrors.class,
          VirtualThreads.class,
          Waiters.class);

  private static final Logger LOGGER = LoggerFactory.getLogger(Engine.class);

  /** Who joins or starts an engine. No event loop takes it. */
  private static final ReentrantLock STARTING = new ReentrantLock();

  /** The running engine, or null. */
  private static final AtomicReference<Engine> CURRENT = new AtomicReference<>();

  /** Counts a connection that is closed for its owner, in {@link #use}. */
  private static final long CLOSING = 1L << 32;

  /** In {@link #use}: nobody used it any more, and nobody may join. */
  private static final long STOPPED = 1L << 62;

  private final Mechanism mechanism;

  /**
   * One for each core. No group of Netty's: its end would start a thread of Netty's own, which
   * lives on for a second.
   */
  private final EnduringLoop[] loops;

  private final AtomicInteger turn = new AtomicInteger();

  /**
   * For those who wait in virtual threads: loops whose threads are virtual. Empty as long as nobody
   * does, and where there can be none. Guarded by STARTING for writing.
   */
  private volatile EnduringLoop[] virtualLoops = {};

  /** The loops' threads. */
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  private final Pollers pollers;

  private final Outbox outbox = new Outbox(this::schedule);

  private final Thread exitHook = new Thread(outbox::deliver, "socketserver-exit");

  /**
   * The sockets that use this engine, and above, by CLOSING, those of them that are closed for
   * their owner but still send. In one number, as the event loops count without a lock.
   */
  private final AtomicLong use = new AtomicLong(1);

  /** Who waits for use to change. */
  private final Waiters settling = new Waiters();

  private Engine(Mechanism mechanism) {
    this.mechanism = mechanism;
    this.pollers = new Pollers(mechanism);
    int cores = Math.max(1, Runtime.getRuntime().availableProcessors());
    this.loops = new EnduringLoop[cores];
    EarlyClasses.initialize(MethodHandles.lookup(), NEEDED_LATER);
    LoopThreads factory = new LoopThreads(threads);
    for (int i = 0; i < cores; i++) {
      loops[i] = new EnduringLoop(factory, mechanism.handlers());
    }
  }

  /**
   * Joins the running engine, or starts one. Each call is answered by one {@link #release}.
   *
   * @throws IllegalStateException if the mechanism that was asked for does not work here
   */
  public static Engine acquire() {
    StackSpace.reserveMuch();
    STARTING.lock();
    try {
      Engine running = CURRENT.get();
      if (running != null && running.join()) {
        return running;
      }
      Engine started = new Engine(Mechanisms.chosen());
      started.hookExit();
      CURRENT.set(started);
      LOGGER.debug("event loops started with {}", started.mechanism.name());
      return started;
    } finally {
      STARTING.unlock();
    }
  }

  /** Makes a socket of a descriptor, which is its own from then on. */
  public interface Adoption<T> {
    T adopt(Engine engine, NativeSocket socket) throws IOException;
  }

  /**
   * Makes a socket of a descriptor.
   *
   * @throws IOException if the descriptor is no socket; it stays the caller's then
   * @throws UnsupportedOperationException if the sockets of this process are no descriptors
   */
  public static <T> T adopt(int fd, Adoption<T> adoption) throws IOException {
    return open(
        engine -> {
          if (!engine.mechanism().hasDescriptors()) {
            throw new UnsupportedOperationException(engine.mechanism().adoptsNone());
          }
          return adoption.adopt(engine, NativeSocket.of(fd));
        });
  }

  /** Makes a socket, which takes a share of the engine. */
  public interface Opening<T> {
    T open(Engine engine) throws IOException;
  }

  /**
   * Makes a socket.
   *
   * @throws IOException if the system refuses
   */
  public static <T> T open(Opening<T> opening) throws IOException {
    Engine engine = acquire();
    boolean opened = false;
    try {
      T made = opening.open(engine);
      opened = true;
      return made;
    } catch (NativeIoException | ChannelException e) {
      throw ChannelErrors.failed("cannot open a socket", e);
    } finally {
      engine.release();
      if (!opened) {
        engine.settle();
      }
    }
  }

  /** Whether a socket has a share of an engine. */
  public static boolean isRunning() {
    return CURRENT.get() != null;
  }

  /** Joins this engine, unless its last socket has left it. */
  private boolean join() {
    long before;
    do {
      before = use.get();
      if ((before & STOPPED) != 0) {
        return false;
      }
    } while (!use.compareAndSet(before, before + 1));
    return true;
  }

  /** Joins this engine once more, for a socket that came from one of its sockets. */
  public Engine share() {
    use.incrementAndGet();
    return this;
  }

  /** Leaves the engine; the last one stops it. Does not block. */
  public void release() {
    release(false);
  }

  /** As {@link #release()}, for a connection that was closing if {@link #closing} was called. */
  public void release(boolean wasClosing) {
    long before;
    long after;
    do {
      before = use.get();
      after = before - 1 - (wasClosing ? CLOSING : 0);
      after |= users(after) == 0 ? STOPPED : 0;
    } while (!use.compareAndSet(before, after));
    if (users(after) == 0) {
      CURRENT.compareAndSet(this, null);
      stop();
    }
    settling.wake();
  }

  /** A connection is closed for its owner, but still sends. */
  public void closing() {
    use.addAndGet(CLOSING);
    settling.wake();
  }

  private static int users(long use) {
    return (int) use;
  }

  private boolean isSettled() {
    long now = use.get();
    return users(now) == 0 || users(now) != (now & ~STOPPED) / CLOSING;
  }

  /**
   * Waits, when only connections are left that are closed for their owners, a moment for them to
   * send what was written; and when nothing is left, for the loops' threads to end. So nothing is
   * left when the last server has closed.
   */
  public void settle() {
    try {
      settling.await(TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS), this::isSettled);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    if (users(use.get()) == 0) {
      awaitThreads();
    }
  }

  public Mechanism mechanism() {
    return mechanism;
  }

  /** Registers a descriptor with a loop, and waits for that, which no interrupt ends. */
  static IoRegistration register(IoEventLoop loop, IoHandle handle) throws IOException {
    Future<IoRegistration> registered = LoopCall.make(loop, () -> loop.register(handle));
    if (!registered.isSuccess()) {
      throw ChannelErrors.failed("the event loop does not take the descriptor", registered.cause());
    }
    return registered.getNow();
  }

  /** Makes a call that does not wait on a thread that nobody interrupts, and waits for it. */
  public <T> T call(Callable<T> call) throws IOException {
    return LoopCall.make(next(), call);
  }

  /** The loop for the next socket: they take turns. */
  public IoEventLoop next() {
    return loops[Math.floorMod(turn.getAndIncrement(), loops.length)];
  }

  /**
   * The loop for the next socket that a virtual thread waits for.
   *
   * @param otherwise what to use where there can be none
   */
  IoEventLoop nextVirtual(IoEventLoop otherwise) {
    if (!VirtualThreads.leaveMonitors() || !mechanism.handlersMove()) {
      // a handler that waits in synchronized would keep the carrier that the loop needs
      return otherwise;
    }
    EnduringLoop[] made = virtualLoops;
    if (made.length == 0) {
      made = makeVirtualLoops();
    }
    return made.length == 0 ? otherwise : made[Math.floorMod(turn.getAndIncrement(), made.length)];
  }

  /** One for two cores: they have little to do but to wake. */
  private EnduringLoop[] makeVirtualLoops() {
    StackSpace.reserveMuch();
    STARTING.lock();
    try {
      if (virtualLoops.length == 0) {
        LoopThreads waiters = new LoopThreads(threads);
        IoHandlerFactory handlers = RelayedHandler.factory(mechanism.handlers(), waiters);
        EnduringLoop[] made = new EnduringLoop[(loops.length + 1) / 2];
        for (int i = 0; i < made.length; i++) {
          made[i] = new EnduringLoop(this::newVirtualThread, handlers);
        }
        virtualLoops = made;
      }
    } catch (RuntimeException e) {
      LOGGER.debug("virtual threads wait for an event loop: {}", e.toString());
    } finally {
      STARTING.unlock();
    }
    return virtualLoops;
  }

  private Thread newVirtualThread(Runnable work) {
    Thread thread = VirtualThreads.unstartedByDefault(work);
    threads.add(thread);
    return thread;
  }

  /** The connections that have something to send later. */
  public Outbox outbox() {
    return outbox;
  }

  private void schedule(Runnable task, long millis) {
    loops[0].schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  /** What threads wait with that ask the system themselves. */
  Pollers pollers() {
    return pollers;
  }

  private void stop() {
    unhookExit();
    for (EnduringLoop loop : loops) {
      loop.end(SETTLE_MILLIS);
    }
    for (EnduringLoop loop : virtualLoops) {
      loop.end(SETTLE_MILLIS);
    }
    pollers.close();
  }

  private void awaitThreads() {
    if (threads.contains(Thread.currentThread())) {
      return;
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * SETTLE_MILLIS);
    try {
      for (Thread thread : threads) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        thread.join(Math.max(left, 1));
        if (thread.isAlive()) {
          LOGGER.warn("{} still runs after it was stopped", thread.getName());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hookExit() {
    try {
      Runtime.getRuntime().addShutdownHook(exitHook);
    } catch (IllegalStateException e) {
      LOGGER.debug("the process is ending already");
    }
  }

  private void unhookExit() {
    try {
      Runtime.getRuntime().removeShutdownHook(exitHook);
    } catch (IllegalStateException e) {
      LOGGER.debug("the process is ending already");
    }
  }

  /** Makes the loops' threads and remembers them, to wait for their end. */
  private static final class LoopThreads extends DefaultThreadFactory {
    private final Set<Thread> made;

    LoopThreads(Set<Thread> made) {
      super("socketserver-loop", true);
      this.made = made;
    }

    @Override
    public Thread newThread(Runnable work) {
      Thread thread = super.newThread(work);
      made.add(thread);
      return thread;
    }
  }
}
