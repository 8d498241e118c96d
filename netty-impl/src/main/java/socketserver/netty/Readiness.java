package socketserver.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import socketserver.spi.StackSpace;

/**
 * Lets threads wait until a descriptor can be read or written, without anything being read: an
 * event loop's epoll tells, once for each time that it is asked (EPOLLONESHOT in epoll_ctl(2)). The
 * loop takes no lock.
 */
final class Readiness implements EpollIoHandle {
  // The numbers of sys/epoll.h. Netty's constants need its native library, and these names are used
  // where there is none as well.

  static final int READ = 0x1;
  static final int WRITE = 0x4;

  private static final int HANGUP = 0x10;
  private static final int ONE_SHOT = 1 << 30;

  private final FileDescriptor fd;
  private final IoRegistration registration;
  private final LoopRound round;
  private final CountDownLatch unregistered = new CountDownLatch(1);
  private final Waiters waiters = new Waiters();

  /** Who asks the loop: the last to ask says all that is wanted. The loop does not take it. */
  private final Object asking = new Object();

  /** Guarded by asking: what somebody waits for. */
  private int wanted;

  /** What is ready and nobody has taken notice of. The loop adds. */
  private final AtomicInteger ready = new AtomicInteger();

  /** Written by the loop: how many events there were. */
  private volatile int told;

  /** Set by any thread, for good. */
  private volatile boolean closed;

  Readiness(Engine engine, FileDescriptor fd) throws IOException {
    this.fd = fd;
    IoEventLoop loop = engine.next();
    this.round = new LoopRound(loop);
    this.registration = Engine.register(loop, this);
    // until somebody waits the loop must not hear of a hang-up again and again
    submit(ONE_SHOT);
  }

  private void submit(int events) throws IOException {
    try {
      registration.submit(EpollIoOps.valueOf(events));
    } catch (UncheckedIOException e) {
      throw ChannelErrors.failed("cannot wait for descriptor " + fd.intValue(), e.getCause());
    }
  }

  /**
   * Waits; a call that does not wait may still fail to read or write, and has to be repeated.
   *
   * @param event READ or WRITE
   * @param timeoutNanos how long
   * @return false if the time is over
   * @throws IOException if the thread is interrupted, or this is closed
   */
  boolean await(int event, long timeoutNanos) throws IOException {
    return await(event, timeoutNanos, () -> false);
  }

  /**
   * As {@link #await(int, long)}, until a condition holds; {@link #nudge} has it looked at.
   *
   * @param ended whether to wait no longer, as if the event were there
   */
  boolean await(int event, long timeoutNanos, BooleanSupplier ended) throws IOException {
    StackSpace.reserve();
    // what was known before may be read since: the system is asked anew
    ready.getAndUpdate(bits -> bits & ~event);
    long start = System.nanoTime();
    try {
      boolean asked = false;
      while (!isReady(event) && !ended.getAsBoolean()) {
        if (closed) {
          throw NettyEndpoint.closed();
        }
        if (asked) {
          return false;
        }
        long left = timeoutNanos == 0 ? 0 : DirectDatagram.left(timeoutNanos, start);
        int before = told;
        ask(event);
        if (left == 0) {
          round.run();
          asked = true;
        } else {
          // whatever the loop was told, it has to be asked again: by all that still wait
          waiters.await(
              left, () -> told != before || isReady(event) || ended.getAsBoolean() || closed);
        }
      }
      ready.getAndUpdate(bits -> bits & ~event);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a connection");
    } finally {
      synchronized (asking) {
        wanted &= ~event;
      }
    }
  }

  private boolean isReady(int event) {
    return (ready.get() & event) != 0;
  }

  private void ask(int event) throws IOException {
    synchronized (asking) {
      wanted |= event;
      submit(wanted | ONE_SHOT);
    }
  }

  @Override
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // the loop alone writes it
  public void handle(IoRegistration registration, IoEvent event) {
    EpollIoOps ops = ((EpollIoEvent) event).ops();
    boolean lost = ops.contains(EpollIoOps.EPOLLERR) || (ops.value() & HANGUP) != 0;
    int input = lost || ops.contains(EpollIoOps.EPOLLRDHUP) ? READ : ops.value() & READ;
    int output = lost ? WRITE : ops.value() & WRITE;
    ready.getAndUpdate(bits -> bits | input | output);
    told = told + 1;
    waiters.wake();
  }

  /** Ends all waiting that is going on, as if both were so. */
  void nudge() {
    StackSpace.reserve();
    ready.set(READ | WRITE);
    waiters.wake();
  }

  /** Ends all waiting, and returns when the loop has forgotten the descriptor. */
  @Override
  public void close() {
    StackSpace.reserve();
    closed = true;
    waiters.wake();
    if (registration != null && registration.cancel()) {
      awaitUnregistered();
    }
  }

  private void awaitUnregistered() {
    boolean interrupted = false;
    while (true) {
      try {
        unregistered.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void unregistered() {
    unregistered.countDown();
  }

  @Override
  public FileDescriptor fd() {
    return fd;
  }
}
