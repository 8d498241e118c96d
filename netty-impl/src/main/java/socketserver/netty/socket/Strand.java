package socketserver.netty.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractEventExecutor;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import socketserver.netty.ground.LoopCall;

/**
 * The event loop of one channel. It has no thread of its own: whoever has something to be done with
 * the channel does it, one thread at a time; what another brings meanwhile is done by the one that
 * is at work. Nobody waits for the channel while at work. What is to be done later a shared event
 * loop brings.
 */
public final class Strand extends AbstractEventExecutor implements EventLoop {
  private static final VarHandle OWNER = owner();

  private final EventLoop shared;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Promise<?> terminated = new DefaultPromise<Void>(GlobalEventExecutor.INSTANCE);

  /** The thread that is at work, or null. Given back by a write, for which no stack is needed. */
  @SuppressWarnings("unused") // by OWNER
  private volatile Thread owner;

  public Strand(EventLoop shared) {
    this.shared = shared;
  }

  private static VarHandle owner() {
    try {
      return MethodHandles.lookup().findVarHandle(Strand.class, "owner", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    runTasks();
  }

  /** Does what is to be done, unless another is at work, who will come to it. */
  private void runTasks() {
    Thread current = Thread.currentThread();
    while (owner != current && !tasks.isEmpty()) {
      try {
        if (!OWNER.compareAndSet(this, null, current)) {
          return;
        }
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
          safeExecute(next);
        }
      } finally {
        if (owner == current) {
          owner = null;
        }
      }
    }
  }

  /**
   * Makes a call that does not wait, on this thread if nobody is at work, and waits for it else.
   * What it throws is thrown here.
   */
  public <T> T call(Callable<T> call) throws IOException {
    if (inEventLoop()) {
      return LoopCall.made(call);
    }
    Thread current = Thread.currentThread();
    try {
      boolean mine = OWNER.compareAndSet(this, null, current);
      return mine ? LoopCall.made(call) : LoopCall.make(this, call);
    } finally {
      // no call of a method is before the write that lets go, as none may fail
      if (owner == current) {
        try {
          for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
            safeExecute(next);
          }
        } finally {
          owner = null;
        }
      }
      runTasks();
    }
  }

  @Override
  public boolean inEventLoop(Thread thread) {
    return owner == thread;
  }

  @Override
  public ChannelFuture register(Channel channel) {
    return register(new DefaultChannelPromise(channel, this));
  }

  @Override
  public ChannelFuture register(ChannelPromise promise) {
    promise.channel().unsafe().register(this, promise);
    return promise;
  }

  @Override
  @Deprecated
  public ChannelFuture register(Channel channel, ChannelPromise promise) {
    channel.unsafe().register(this, promise);
    return promise;
  }

  @Override
  public EventLoop next() {
    return this;
  }

  @Override
  public EventLoopGroup parent() {
    return shared.parent();
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    return schedule(Executors.callable(task), delay, unit);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    Later<V> later = new Later<>(this, task);
    later.timer = shared.schedule(() -> execute(later), delay, unit);
    return later;
  }

  /** A call that the shared loop brings when its time has come. */
  private static final class Later<V> extends DefaultPromise<V>
      implements ScheduledFuture<V>, Runnable {
    private final Callable<V> task;

    /** Written before anybody has this. */
    private ScheduledFuture<?> timer;

    Later(Strand strand, Callable<V> task) {
      super(strand);
      this.task = task;
    }

    @Override
    public void run() {
      if (setUncancellable()) {
        try {
          setSuccess(task.call());
        } catch (Throwable e) {
          setFailure(e);
        }
      }
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      boolean cancelled = super.cancel(mayInterrupt);
      try {
        timer.cancel(false);
      } catch (RejectedExecutionException e) {
        // the shared loop has ended with its last socket
      }
      return cancelled;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return timer.getDelay(unit);
    }

    @Override
    public int compareTo(Delayed other) {
      return timer.compareTo(other);
    }
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable task, long delay, long period, TimeUnit unit) {
    return shared.scheduleAtFixedRate(() -> execute(task), delay, period, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable task, long delay, long pause, TimeUnit unit) {
    return shared.scheduleWithFixedDelay(() -> execute(task), delay, pause, unit);
  }

  @Override
  public boolean isShuttingDown() {
    return shared.isShuttingDown();
  }

  @Override
  public boolean isShutdown() {
    return shared.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return shared.isTerminated();
  }

  @Override
  public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
    return terminated;
  }

  @Override
  public Future<?> terminationFuture() {
    return terminated;
  }

  @Override
  @Deprecated
  public void shutdown() {}

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return isTerminated();
  }
}
