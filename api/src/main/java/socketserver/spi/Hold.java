package socketserver.spi;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be let go when nobody has a socket, a file made of one, or a poll any more. CPython
 * sees that at once by counting references; here the garbage collector finds it, and a thread acts
 * on it.
 *
 * <p>The thread is there while there are holds, and for a second longer.
 *
 * @param <T> what is held
 */
public abstract class Hold<T> extends WeakReference<T> {
  private static final Logger LOGGER = LoggerFactory.getLogger(Hold.class);
  private static final long IDLE_MILLIS = 1000;
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final ReferenceQueue<Object> FORGOTTEN = new ReferenceQueue<>();

  /** Held for some writes of fields. */
  private static final Object LOCK = new Object();

  /** Guarded by LOCK: the last one that has begun; they are linked, as there are many. */
  private static Hold<?> last;

  /** Whether the thread runs, or is about to. */
  private static final AtomicBoolean WATCHED = new AtomicBoolean();

  /** Guarded by LOCK. */
  private Hold<?> before;

  /** Guarded by LOCK. */
  private Hold<?> after;

  /** Guarded by LOCK: it has begun and not ended. */
  private boolean linked;

  /**
   * Makes a hold that does not begin until {@link #begin}. It must not refer to what it holds.
   *
   * @param held what somebody has
   */
  protected Hold(T held) {
    super(held, FORGOTTEN);
  }

  /** From now on it is noticed that nobody has it any more. */
  protected final void begin() {
    synchronized (LOCK) {
      linked = true;
      before = last;
      if (last != null) {
        last.after = this;
      }
      last = this;
    }
    if (!WATCHED.get() && WATCHED.compareAndSet(false, true)) {
      startThread();
    }
  }

  /** Ends without letting anything go. */
  public final void drop() {
    clear();
    unlink();
  }

  private void unlink() {
    synchronized (LOCK) {
      if (!linked) {
        return;
      }
      linked = false;
      if (before != null) {
        before.after = after;
      }
      if (after == null) {
        last = before;
      } else {
        after.before = before;
      }
      before = null;
      after = null;
    }
  }

  private static boolean areNone() {
    synchronized (LOCK) {
      return last == null;
    }
  }

  /** Nobody has it any more. On the thread for that; may wait a little. */
  protected abstract void forgotten();

  private static void startThread() {
    try {
      Thread thread = new Thread(null, Hold::watch, "socketserver-unclosed", 0, false);
      thread.setDaemon(true);
      // whoever makes the first socket, his class loader is not kept
      thread.setContextClassLoader(null);
      thread.start();
    } catch (OutOfMemoryError e) {
      // no thread can be started now: the next hold tries again
      WATCHED.set(false);
    }
  }

  private static void watch() {
    do {
      boolean idle = false;
      while (!idle) {
        idle = !letGoOrRest() && areNone();
      }
      WATCHED.set(false);
      // a hold that began meanwhile has counted on this thread
    } while (!areNone() && WATCHED.compareAndSet(false, true));
  }

  /** No error ends the thread, also none that is met while another is written to the log. */
  private static boolean letGoOrRest() {
    try {
      return letGo();
    } catch (Throwable e) {
      // no memory
      LockSupport.parkNanos(REST_NANOS);
      return true;
    }
  }

  /** Waits a while for something that nobody has any more; false if there was nothing. */
  private static boolean letGo() {
    try {
      if (!(FORGOTTEN.remove(IDLE_MILLIS) instanceof Hold<?> hold)) {
        return false;
      }
      hold.unlink();
      hold.forgotten();
    } catch (InterruptedException e) {
      LOGGER.debug("somebody interrupted the thread that closes what nobody has any more");
    } catch (Throwable e) {
      LOGGER.warn("closing a socket that nobody has any more failed", e);
    }
    return true;
  }
}
