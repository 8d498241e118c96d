package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import socketserver.fixture.Eventually;

/**
 * A call that another thread makes, usually one that blocks.
 *
 * @param <T> what it returns
 */
public final class PendingCall<T> {
  private static final long LIMIT_SECONDS = 30;

  /** How often in a row a call must be found waiting. */
  private static final int LOOKS = 20;

  /** A call that returns nothing. */
  public interface Action {
    /** Makes the call. */
    void run() throws Exception;
  }

  private final FutureTask<T> task;
  private final Thread thread;

  private PendingCall(Callable<T> call) {
    task = new FutureTask<>(call);
    thread = new Thread(task, "test-background");
    thread.setDaemon(true);
    thread.start();
  }

  /** Starts a call. */
  public static <T> PendingCall<T> call(Callable<T> call) {
    return new PendingCall<>(call);
  }

  /** Starts a call that returns nothing. */
  public static PendingCall<Void> run(Action action) {
    return new PendingCall<>(
        () -> {
          action.run();
          return null;
        });
  }

  /** The thread that makes the call. */
  public Thread thread() {
    return thread;
  }

  /** Waits until the call waits for something itself, and not for a moment only. */
  public PendingCall<T> awaitBlocked() {
    AtomicInteger times = new AtomicInteger();
    Eventually.holds(
        "the call is blocked",
        () -> times.updateAndGet(before -> Eventually.isWaiting(thread) ? before + 1 : 0) >= LOOKS);
    return this;
  }

  /** Whether the call has returned or thrown. */
  public boolean isDone() {
    return task.isDone();
  }

  /** Waits for what the call returns; its exception is this one's. */
  public T result() throws Exception {
    try {
      return task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    } catch (TimeoutException e) {
      AssertionError error =
          new AssertionError("the call has not returned after " + LIMIT_SECONDS + " s");
      error.setStackTrace(thread.getStackTrace());
      throw error;
    }
  }

  /** Waits for the exception that the call ends with. */
  public <E extends Throwable> E failure(Class<E> type) {
    return assertThrows(type, this::result);
  }
}
