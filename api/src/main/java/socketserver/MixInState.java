package socketserver;

import java.time.Duration;
import java.util.function.Supplier;

/** What the mix-ins, being interfaces, keep in the server they are mixed into. */
final class MixInState {
  final Attribute<Boolean> daemonThreads;
  final Attribute<Boolean> blockOnClose;
  final Attribute<Duration> slowCallbackDuration;
  private final BaseServer<?> server;

  /** Made when the first request is dispatched. Guarded by this for writing. */
  private volatile RequestThreads threads;

  /** Made when first asked for, which a forking server's constructor does. */
  private ForkedRequests forking;

  /** Made when first asked for, which the constructor of a server with a pool does. */
  private PooledRequests pool;

  MixInState(BaseServer<?> server) {
    this.server = server;
    daemonThreads = new Attribute<>(server, ThreadedDispatch.class, "daemonThreads", false);
    blockOnClose = new Attribute<>(server, ThreadedDispatch.class, "blockOnClose", true);
    slowCallbackDuration =
        new Attribute<>(
            server, EventLoopMixIn.class, "slowCallbackDuration", Duration.ofMillis(100));
  }

  /**
   * The server's requests beside the thread that serves.
   *
   * @param runner makes what gives them their threads, for the first of them
   */
  RequestThreads threads(Supplier<RequestRunner> runner) {
    RequestThreads made = threads;
    return made != null ? made : make(runner);
  }

  private synchronized RequestThreads make(Supplier<RequestRunner> runner) {
    if (threads == null) {
      threads = new RequestThreads(runner.get());
    }
    return threads;
  }

  /** Waits for the requests that are to be waited for. */
  void joinRequests() {
    RequestThreads made = threads;
    if (made != null) {
      made.join();
    }
  }

  synchronized ForkedRequests forking() {
    if (forking == null) {
      forking = new ForkedRequests(server);
    }
    return forking;
  }

  synchronized PooledRequests pool() {
    if (pool == null) {
      pool = new PooledRequests(server);
    }
    return pool;
  }

  /** Refuses a factory that does not go with the mix-in. */
  synchronized void checkFactory(HandlerFactory<?> factory) {
    if (forking != null && server.handsOverRequests()) {
      forking.checkFactory(factory);
    }
  }

  /** Lets the loop see that it is to end, if it waits for a request that runs. */
  synchronized void wakeup() {
    if (forking != null) {
      forking.wakeup();
    }
    if (pool != null) {
      pool.wakeup();
    }
  }

  /** The server, which was closed, may serve again. */
  synchronized void reopen() {
    if (forking != null) {
      forking.reopen();
    }
  }

  void loopEnded() {
    RequestThreads made = threads;
    if (made != null) {
      made.releaseIdle();
    }
  }
}
