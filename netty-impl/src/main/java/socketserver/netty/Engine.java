package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.BrokenPipeException;
import socketserver.ConnectionResetException;

/**
 * The event loops that all sockets of the process share: as many as there are cores, daemon
 * threads. The first socket starts them, the last to close stops them.
 */
final class Engine {
  /** How long closing the last server waits for connections that still send what was written. */
  private static final long SETTLE_MILLIS = 1000;

  /**
   * What errors need, loaded before there are any: a process that is out of descriptors cannot load
   * a class from a folder, and a class that once failed to load is broken for good.
   */
  private static final List<Class<?>> NEEDED_FOR_ERRORS =
      List.of(
          ChannelErrors.class,
          Inbound.Failure.class,
          BrokenPipeException.class,
          ConnectionResetException.class);

  private static final Logger LOGGER = LoggerFactory.getLogger(Engine.class);
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Condition RELEASED = LOCK.newCondition();

  /** Guarded by LOCK: the running engine, or null. */
  private static Engine current;

  private final Mechanism mechanism;

  /**
   * One for each core. No group of Netty's: its end would start a thread of Netty's own, which
   * lives on for a second.
   */
  private final IoEventLoop[] loops;

  private final AtomicInteger turn = new AtomicInteger();

  /** The loops' threads. */
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  /** Runs what a TLS handshake computes, so that no event loop has to. */
  private final ExecutorService tlsTasks =
      Executors.newCachedThreadPool(new DefaultThreadFactory("socketserver-tls", true));

  /** Open connections, for {@link #deliver}. */
  private final Set<NettyStream> streams = ConcurrentHashMap.newKeySet();

  private final Thread exitHook = new Thread(this::deliver, "socketserver-exit");

  /** Guarded by LOCK: the sockets that use this engine. */
  private int users;

  /** Guarded by LOCK: those of them that are closed for their owner but still send. */
  private int closing;

  private Engine(Mechanism mechanism) {
    this.mechanism = mechanism;
    int cores = Math.max(1, Runtime.getRuntime().availableProcessors());
    this.loops = new IoEventLoop[cores];
    LoopThreads factory = new LoopThreads(threads);
    for (int i = 0; i < cores; i++) {
      loops[i] = new SingleThreadIoEventLoop(null, factory, mechanism.handlers());
    }
  }

  /**
   * Joins the running engine, or starts one. Each call is answered by one {@link #release}.
   *
   * @throws IllegalStateException if the mechanism that was asked for does not work here
   */
  static Engine acquire() {
    LOCK.lock();
    try {
      if (current == null) {
        Engine started = new Engine(Mechanisms.chosen());
        started.hookExit();
        current = started;
        LOGGER.debug("event loops started with {}", started.mechanism.name());
      }
      current.users++;
      return current;
    } finally {
      LOCK.unlock();
    }
  }

  /** Joins this engine once more, for a socket that came from one of its sockets. */
  Engine share() {
    LoopLock.lock(LOCK);
    try {
      users++;
      return this;
    } finally {
      LOCK.unlock();
    }
  }

  /** Leaves the engine; the last one stops it. Does not block. */
  void release() {
    release(false);
  }

  /** As {@link #release()}, for a connection that was closing if {@link #closing} was called. */
  void release(boolean wasClosing) {
    LoopLock.lock(LOCK);
    try {
      users--;
      closing -= wasClosing ? 1 : 0;
      RELEASED.signalAll();
      if (users > 0) {
        return;
      }
      if (current == this) {
        current = null;
      }
    } finally {
      LOCK.unlock();
    }
    stop();
  }

  /** A connection is closed for its owner, but still sends. */
  void closing() {
    LoopLock.lock(LOCK);
    try {
      closing++;
      RELEASED.signalAll();
    } finally {
      LOCK.unlock();
    }
  }

  /**
   * Waits, when only connections are left that are closed for their owners, a moment for them to
   * send what was written; and when nothing is left, for the loops' threads to end. So nothing is
   * left when the last server has closed.
   */
  void settle() {
    boolean stopped;
    LOCK.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS);
      while (users > 0 && users == closing && left > 0) {
        left = RELEASED.awaitNanos(left);
      }
      stopped = users == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } finally {
      LOCK.unlock();
    }
    if (stopped) {
      awaitThreads();
    }
  }

  Mechanism mechanism() {
    return mechanism;
  }

  /** Makes a handler for TLS that computes outside the loops. */
  SslHandler tlsHandler(SSLEngine tls, long handshakeNanos) {
    SslHandler handler = new TlsHandler(tls, tlsTasks);
    // rounded up: to Netty, zero means that there is no deadline
    handler.setHandshakeTimeoutMillis(TimeUnit.NANOSECONDS.toMillis(handshakeNanos) + 1);
    return handler;
  }

  /** Registers a channel with a loop; the caller has added its handlers. */
  ChannelFuture register(Channel channel) {
    EventLoop loop = next();
    return loop.register(channel);
  }

  /** Registers a descriptor with a loop, and waits for that, which no interrupt ends. */
  IoRegistration register(IoHandle handle) throws IOException {
    Future<IoRegistration> registered = next().register(handle).awaitUninterruptibly();
    if (!registered.isSuccess()) {
      throw new IOException("the event loop does not take the descriptor", registered.cause());
    }
    return registered.getNow();
  }

  /** Makes a call that does not wait on a thread that nobody interrupts, and waits for it. */
  <T> T call(Callable<T> call) throws IOException {
    Future<T> made = next().submit(call).awaitUninterruptibly();
    if (made.cause() instanceof IOException e) {
      throw e;
    }
    if (!made.isSuccess()) {
      throw new IOException("a call failed on an event loop", made.cause());
    }
    return made.getNow();
  }

  /** The loop for the next socket: they take turns. */
  IoEventLoop next() {
    return loops[Math.floorMod(turn.getAndIncrement(), loops.length)];
  }

  void opened(NettyStream stream) {
    streams.add(stream);
  }

  void closed(NettyStream stream) {
    streams.remove(stream);
  }

  private void stop() {
    unhookExit();
    for (EventLoop loop : loops) {
      loop.shutdownGracefully(0, SETTLE_MILLIS, TimeUnit.MILLISECONDS);
    }
    tlsTasks.shutdown();
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

  /**
   * Gives the loops, which are daemon threads, a moment at the end of the process to send what was
   * written: to the program it has been sent.
   */
  private void deliver() {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS);
    for (NettyStream stream : streams) {
      stream.awaitSent(deadline);
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
