package socketserver.netty.socket;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import socketserver.WouldBlockException;
import socketserver.netty.ground.SocketCalls;
import socketserver.netty.loop.Engine;
import socketserver.netty.loop.Readiness;
import socketserver.spi.StackSpace;
import socketserver.spi.TimeLeft;

/** A socket at which a server waits for requests; the wait can be ended. */
public abstract class AwaitedSocket<C extends SocketCalls> extends OwnedSocket<C> {
  /** The next wait is to end at once. */
  private final AtomicBoolean wakeup = new AtomicBoolean();

  public AwaitedSocket(Engine engine, C calls) {
    super(engine, calls);
  }

  /** Whether there is something to take, as far as this process knows. With reading held. */
  protected abstract boolean hasArrived() throws IOException;

  /** Whether what the system has is what there is to take. */
  protected abstract boolean isDirect();

  protected static IOException nothingArrived(long timeoutNanos) {
    return timeoutNanos == 0
        ? new WouldBlockException("nothing has arrived")
        : new SocketTimeoutException("timed out");
  }

  /** Waits until there is something to take; false if the time is over or somebody wakes it. */
  public final boolean awaitReadable(long timeoutNanos) throws IOException {
    long start = timeoutNanos > 0 ? System.nanoTime() : 0;
    try {
      enter(reading, timeoutNanos);
    } catch (SocketTimeoutException | WouldBlockException e) {
      checkOpen();
      return false;
    }
    try {
      while (true) {
        checkOpen();
        if (hasArrived()) {
          return true;
        }
        Readiness.How how =
            readiness.waitFor(
                Readiness.READ, TimeLeft.of(timeoutNanos, start), () -> closed || wakeup.get());
        if (how == Readiness.How.ASKED && isDirect()) {
          return true;
        }
        checkOpen();
        // what an event loop has told may be old; and what has arrived comes before a wake-up
        boolean asks = isDirect() && how != Readiness.How.TIME_OVER;
        int ready = asks ? readiness.check(Readiness.READ) : 0;
        if (ready == Readiness.READ || !isDirect() && hasArrived()) {
          return true;
        }
        if (wakeup.compareAndSet(true, false) || how == Readiness.How.TIME_OVER) {
          return false;
        }
        if (how == Readiness.How.TOLD && ready == Readiness.CANNOT_ASK) {
          return true;
        }
      }
    } finally {
      reading.unlock();
      closeIfEnding();
    }
  }

  public final void wakeup() {
    StackSpace.reserve();
    wakeup.set(true);
    readiness.wake();
  }

  /** Closes the socket; its address is free on return. */
  @Override
  public void close() {
    StackSpace.reserve();
    closed = true;
    ending = true;
    readiness.wake();
    awaitDescriptor();
    settle();
  }
}
