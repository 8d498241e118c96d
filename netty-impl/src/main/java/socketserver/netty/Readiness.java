package socketserver.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import socketserver.spi.Endpoint;

/**
 * Lets threads wait until a descriptor can be read or written, without anything being read: an
 * event loop's epoll tells, once for each time that it is asked (EPOLLONESHOT in epoll_ctl(2)).
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
  private final CountDownLatch unregistered = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Guarded by lock: what somebody waits for. */
  private int wanted;

  /** Guarded by lock: what is ready and nobody has taken notice of. */
  private int ready;

  /** Guarded by lock. */
  private boolean closed;

  Readiness(Engine engine, FileDescriptor fd) throws IOException {
    this.fd = fd;
    this.registration = engine.register(this);
    // until somebody waits the loop must not hear of a hang-up again and again
    registration.submit(EpollIoOps.valueOf(ONE_SHOT));
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
    lock.lock();
    try {
      long left = timeoutNanos;
      // what was known before may be read since: the system is asked anew
      ready &= ~event;
      while ((ready & event) == 0 && !ended.getAsBoolean()) {
        if (closed) {
          throw NettyEndpoint.closed();
        }
        if (timeoutNanos != Endpoint.FOREVER && left <= 0) {
          return false;
        }
        wanted |= event;
        registration.submit(EpollIoOps.valueOf(wanted | ONE_SHOT));
        if (timeoutNanos == Endpoint.FOREVER) {
          changed.await();
        } else {
          left = changed.awaitNanos(left);
        }
      }
      ready &= ~event;
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a connection");
    } finally {
      wanted &= ~event;
      lock.unlock();
    }
  }

  @Override
  public void handle(IoRegistration registration, IoEvent event) {
    EpollIoOps ops = ((EpollIoEvent) event).ops();
    boolean lost = ops.contains(EpollIoOps.EPOLLERR) || (ops.value() & HANGUP) != 0;
    LoopLock.lock(lock);
    try {
      ready |= lost ? READ | WRITE : ops.value() & (READ | WRITE);
      if (ops.contains(EpollIoOps.EPOLLRDHUP)) {
        ready |= READ;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waiting that is going on, as if both were so. */
  void nudge() {
    lock.lock();
    try {
      ready = READ | WRITE;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waiting, and returns when the loop has forgotten the descriptor. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
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
