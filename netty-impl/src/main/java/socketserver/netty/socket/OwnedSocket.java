package socketserver.netty.socket;

import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.net.SocketTimeoutException;
import java.nio.channels.NotYetConnectedException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import socketserver.BrokenPipeException;
import socketserver.WouldBlockException;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.ground.SocketCalls;
import socketserver.netty.loop.Engine;
import socketserver.netty.loop.Readiness;
import socketserver.netty.loop.SocketReadiness;
import socketserver.spi.EarlyClasses;
import socketserver.spi.Endpoint;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StackSpace;

/**
 * A socket's descriptor, and what keeps it open while it is used.
 *
 * <p><b>Locks.</b> Readers exclude one another, and so do writers; each for as long as it waits.
 * {@link #state} is held for other calls. The descriptor is closed with all three held, by whoever
 * closes or by the last to let go of one, so that no call meets a number that is another file's.
 * Event loops only ever try them.
 */
public abstract class OwnedSocket<C extends SocketCalls> implements Endpoint {
  /** Numbers for sockets without a descriptor, far from those that the system gives. */
  private static final AtomicInteger NUMBERS = new AtomicInteger(1_000_000);

  static {
    EarlyClasses.initialize(MethodHandles.lookup(), List.of(Strand.class, SocketReadiness.class));
  }

  protected final Engine engine;
  protected final IoEventLoop loop;
  protected final C calls;
  protected final Readiness readiness;
  protected final SocketReadiness source;
  protected final ReentrantLock reading = new ReentrantLock();
  protected final ReentrantLock writing = new ReentrantLock();
  protected final ReentrantLock state = new ReentrantLock();

  /** Set by any thread, for good: closed for its owner. */
  protected volatile boolean closed;

  /** Set by any thread, for good: the descriptor is to be closed. */
  protected volatile boolean ending;

  /** Guarded by all locks for writing: the descriptor is closed, or no longer this one's. */
  protected volatile boolean gone;

  /**
   * Takes over a socket.
   *
   * @param engine the engine, of which this takes a share until the descriptor is gone
   */
  public OwnedSocket(Engine engine, C calls) {
    this.engine = engine.share();
    this.loop = engine.next();
    this.calls = calls;
    this.readiness = new Readiness(engine, loop, calls::source);
    this.source =
        new SocketReadiness(
            readiness,
            () -> engine.mechanism().watchesDescriptors() ? calls.fileno() : -1,
            this::readyHere,
            this::isOpen);
  }

  /** A number for a socket without a descriptor. */
  public static int nextNumber() {
    return NUMBERS.getAndIncrement();
  }

  /** What is ready although the system does not know it. */
  protected abstract int readyHere();

  /** Gives the share of the engine back. */
  protected void leaveEngine() {
    engine.release();
  }

  /** Waits for whoever reads or writes before; an interrupt and the end of the time end it. */
  protected final void enter(ReentrantLock turn, long timeoutNanos) throws IOException {
    StackSpace.reserve();
    if (turn.tryLock()) {
      return;
    }
    try {
      if (timeoutNanos == FOREVER) {
        turn.lockInterruptibly();
      } else if (!turn.tryLock(timeoutNanos, TimeUnit.NANOSECONDS)) {
        // whoever closes has it as well
        checkOpen();
        throw timeoutNanos == 0
            ? new WouldBlockException("another thread waits for the same")
            : new SocketTimeoutException("timed out");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a connection");
    }
  }

  /** Lets go of a lock, and of the descriptor if somebody has closed it meanwhile. */
  protected final void leave(ReentrantLock turn) {
    turn.unlock();
    closeIfEnding();
  }

  /** Closes the descriptor if whoever wanted to has left that to those who used it. */
  protected final void closeIfEnding() {
    if (ending && !gone) {
      letGo();
    }
  }

  /** Closes the descriptor, unless somebody uses it, who will do it. */
  protected final void letGo() {
    do {
      tryToClose();
      // two that do this at once may both have found a lock held by the other
    } while (!gone && !reading.isLocked() && !writing.isLocked() && !state.isLocked());
  }

  private void tryToClose() {
    if (reading.tryLock()) {
      try {
        if (writing.tryLock()) {
          try {
            if (state.tryLock()) {
              try {
                closeDescriptor();
              } finally {
                state.unlock();
              }
            }
          } finally {
            writing.unlock();
          }
        }
      } finally {
        reading.unlock();
      }
    }
  }

  /** With all locks held. */
  final void closeDescriptor() {
    if (gone) {
      return;
    }
    source.leave();
    readiness.close();
    IOException failure = null;
    try {
      calls.close();
    } catch (IOException e) {
      failure = e;
    }
    // an Error has not closed it: whoever comes next does
    gone = true;
    leaveEngine();
    if (failure != null) {
      throw new UncheckedIOException("closing the socket failed", ChannelErrors.of(failure));
    }
  }

  /** Something that is done with the descriptor, and does not wait. */
  public interface Call<T> {
    T make() throws IOException;
  }

  /**
   * Makes a call that neither reads nor writes. The caller has made sure of the stack before: a
   * call site that fails to be linked is broken for good.
   */
  protected final <T> T ask(Call<T> call) throws IOException {
    state.lock();
    try {
      checkOpen();
      return call.make();
    } catch (NotYetConnectedException e) {
      throw ChannelErrors.of(e);
    } finally {
      state.unlock();
      closeIfEnding();
    }
  }

  protected final void checkOpen() throws IOException {
    if (closed) {
      throw ChannelErrors.closed();
    }
    if (gone) {
      throw new BrokenPipeException("broken pipe: the connection is closed");
    }
  }

  /** Closes the descriptor, once those who use it, who have been woken, have let go of it. */
  protected final void awaitDescriptor() {
    while (!gone) {
      reading.lock();
      try {
        writing.lock();
        try {
          state.lock();
          try {
            closeDescriptor();
          } finally {
            state.unlock();
          }
        } finally {
          writing.unlock();
        }
      } finally {
        reading.unlock();
      }
    }
  }

  @Override
  public final void setOption(int level, int name, int value) throws IOException {
    StackSpace.reserveMuch();
    ask(
        () -> {
          calls.options().set(level, name, value);
          return null;
        });
  }

  @Override
  public final void setOption(int level, int name, byte[] value) throws IOException {
    StackSpace.reserveMuch();
    ask(
        () -> {
          calls.options().set(level, name, value);
          return null;
        });
  }

  @Override
  public final int option(int level, int name) throws IOException {
    StackSpace.reserveMuch();
    return ask(() -> calls.options().get(level, name));
  }

  @Override
  public final byte[] option(int level, int name, int length) throws IOException {
    StackSpace.reserveMuch();
    return ask(() -> calls.options().get(level, name, length));
  }

  @Override
  public final ReadinessSource readiness() {
    return source;
  }

  @Override
  public int fileno() {
    return closed ? -1 : calls.fileno();
  }

  @Override
  public final boolean isOpen() {
    return !closed;
  }

  @Override
  public final void settle() {
    engine.settle();
  }
}
