package socketserver.injection;

import java.net.SocketAddress;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import socketserver.RequestHooks;

/**
 * Has a fault happen in the next request, while it is handled or shut down. Between the two the
 * library calls {@code handleError}; nothing happens there, as the hooks are to be called.
 */
interface InjectedRequests<R> extends RequestHooks<R> {
  /** A request that a fault is meant for. */
  final class Victim {
    private static final AtomicReference<Victim> NEXT = new AtomicReference<>();

    /** The one that is handled, or null. Written by its thread. */
    private static volatile Victim current;

    private final Injection injection;
    private final Semaphore over = new Semaphore(0);

    /** Written by its thread. */
    private volatile Object request;

    /** Written by its thread: what handleError was given. */
    private volatile Throwable told;

    /** Written by its thread: it happened while the request was handled. */
    private volatile boolean inHandler;

    Victim(Injection injection) {
      this.injection = injection;
    }

    /** It is meant for the request that comes next. */
    void await() {
      NEXT.set(this);
    }

    boolean isOver() {
      return over.availablePermits() > 0;
    }

    Throwable told() {
      return told;
    }

    boolean happenedInHandler() {
      return inHandler;
    }
  }

  @Override
  default void finishRequest(R request, SocketAddress client) throws Exception {
    Victim victim = Victim.NEXT.getAndSet(null);
    if (victim == null) {
      RequestHooks.super.finishRequest(request, client);
      return;
    }
    victim.request = request;
    Victim.current = victim;
    victim.injection.arm();
    try {
      RequestHooks.super.finishRequest(request, client);
    } finally {
      Injection.disarm();
      victim.inHandler = victim.injection.happened() != null;
    }
  }

  @Override
  default void handleError(R request, SocketAddress client, Throwable error) {
    Victim victim = Victim.current;
    if (victim != null && victim.request == request) {
      victim.told = error;
    }
  }

  @Override
  default void shutdownRequest(R request) {
    Victim victim = Victim.current;
    if (victim == null || victim.request != request) {
      RequestHooks.super.shutdownRequest(request);
      return;
    }
    if (victim.injection.happened() == null) {
      victim.injection.arm();
    }
    try {
      RequestHooks.super.shutdownRequest(request);
    } finally {
      Injection.disarm();
      Victim.current = null;
      victim.over.release();
    }
  }
}
