package socketserver.netty.loop;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import socketserver.netty.ground.ChannelErrors;
import socketserver.spi.Endpoint;
import socketserver.spi.Poller;
import socketserver.spi.ReadinessSource;

/**
 * Netty's epoll handler without an event loop: whoever wants to know what is ready runs it, so that
 * nobody has to be woken for it.
 */
public final class EpollPoller implements Poller {
  /** How many events one call of the system's returns at the most. */
  private static final int MOST_EVENTS = 1024;

  private final IoHandler handler;
  private final IntObjectMap<Watched> watched = new IntObjectHashMap<>();

  /** Written by who uses this, read by who wakes it: to the handler, its thread. */
  private volatile Thread user;

  public EpollPoller() throws IOException {
    try {
      this.handler =
          EpollIoHandler.newFactory(MOST_EVENTS, DefaultSelectStrategyFactory.INSTANCE)
              .newHandler(new Caller());
    } catch (IllegalStateException | io.netty.channel.ChannelException e) {
      throw ChannelErrors.failed("cannot open an epoll", e);
    }
    handler.initialize();
  }

  @Override
  public void add(int descriptor, int events, Target target) throws IOException {
    user = Thread.currentThread();
    Watched added = new Watched(descriptor, target);
    try {
      added.registration = handler.register(added);
    } catch (Exception e) {
      throw notTaken(descriptor, e);
    }
    watched.put(descriptor, added);
    try {
      modify(descriptor, events);
    } catch (IOException | RuntimeException | Error e) {
      remove(descriptor);
      throw e;
    }
  }

  @Override
  public void modify(int descriptor, int events) throws IOException {
    user = Thread.currentThread();
    try {
      // errors are told anyway; to Netty, no event at all means not to watch
      EpollIoOps told = EpollIoOps.valueOf(events | ReadinessSource.ERR);
      watched.get(descriptor).registration.submit(told);
    } catch (UncheckedIOException e) {
      throw notTaken(descriptor, e.getCause());
    }
  }

  private static IOException notTaken(int descriptor, Exception cause) {
    return ChannelErrors.failed("epoll does not take descriptor " + descriptor, cause);
  }

  @Override
  public void remove(int descriptor) {
    user = Thread.currentThread();
    Watched removed = watched.remove(descriptor);
    if (removed != null) {
      removed.registration.cancel();
    }
  }

  @Override
  public void run(long timeoutNanos, Idle idle) {
    user = Thread.currentThread();
    handler.run(new Wait(timeoutNanos, idle));
  }

  @Override
  public void wakeup() {
    handler.wakeup();
  }

  @Override
  public boolean waitsInSystem() {
    return true;
  }

  @Override
  public void close() {
    user = Thread.currentThread();
    handler.prepareToDestroy();
    handler.destroy();
  }

  /** How long to wait, in the handler's terms. */
  private static final class Wait implements IoHandlerContext {
    private final boolean endless;
    private final boolean waits;
    private final long deadline;
    private final Idle idle;

    Wait(long timeoutNanos, Idle idle) {
      this.endless = timeoutNanos == Endpoint.FOREVER;
      this.waits = timeoutNanos != 0;
      this.deadline = endless || !waits ? 0 : System.nanoTime() + timeoutNanos;
      this.idle = idle;
    }

    @Override
    public boolean canBlock() {
      return waits && idle.mayWait();
    }

    @Override
    public long delayNanos(long now) {
      return endless ? Long.MAX_VALUE : Math.max(deadline - now, 0);
    }

    /** As what is compared with other deadlines; -1 means that there is none. */
    @Override
    public long deadlineNanos() {
      return endless ? -1 : deadline == -1 ? 0 : deadline;
    }
  }

  /** For the handler, the thread that uses this is its event loop. */
  private final class Caller implements ThreadAwareExecutor {
    @Override
    public boolean isExecutorThread(Thread thread) {
      return thread == user;
    }

    @Override
    public void execute(Runnable task) {
      task.run();
    }
  }

  /** A descriptor, which is somebody else's to close. */
  private static final class Watched implements EpollIoHandle {
    private final FileDescriptor descriptor;
    private final Target target;
    private IoRegistration registration;

    Watched(int descriptor, Target target) {
      this.descriptor = new FileDescriptor(descriptor);
      this.target = target;
    }

    @Override
    public FileDescriptor fd() {
      return descriptor;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      target.ready(((EpollIoEvent) event).ops().value());
    }

    @Override
    public void close() {}
  }
}
