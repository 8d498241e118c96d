package socketserver;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.ThreadPoolMixIn.WhenFull;

/** What {@link ThreadPoolMixIn} keeps for a server: its attributes, and its pool. */
final class PooledRequests implements MixInState.Part {
  private static final Logger LOGGER = LoggerFactory.getLogger(ThreadPoolMixIn.class);

  /** As Python's ThreadPoolExecutor has it. */
  private static final int MOST_WORKERS = 32;

  private static final int MORE_THAN_PROCESSORS = 4;

  final Attribute<Integer> maxWorkers;
  final Attribute<Integer> maxWaiting;
  final Attribute<WhenFull> whenFull;
  final Attribute<Executor> executor;

  private final BaseServer<?> server;
  private final RefusedRequests refused = new RefusedRequests(LOGGER, "the pool is full");

  /** Made for the first request. Guarded by this for writing. */
  private volatile BoundedRequests bounded;

  PooledRequests(BaseServer<?> server) {
    this.server = server;
    int processors = Runtime.getRuntime().availableProcessors();
    maxWorkers = attribute("maxWorkers", Math.min(MOST_WORKERS, processors + MORE_THAN_PROCESSORS));
    maxWaiting = attribute("maxWaiting", null);
    whenFull = attribute("whenFull", WhenFull.WAIT);
    executor = attribute("executor", null);
  }

  /** What is kept for the server that a mix-in belongs to. */
  static PooledRequests of(RequestDispatch mixIn) {
    return BaseServer.of(mixIn).mixInState().part(PooledRequests.class, PooledRequests::new);
  }

  private <T> Attribute<T> attribute(String name, T value) {
    return new Attribute<>(server, ThreadPoolMixIn.class, name, value);
  }

  /** Starts a request if there is room, or else does what whenFull says. */
  void dispatch(RequestTask task) throws Exception {
    ThreadPoolMixIn mixIn = (ThreadPoolMixIn) server;
    WhenFull policy = Objects.requireNonNull(mixIn.whenFull(), "whenFull() returned null");
    int waiting = mixIn.maxWaiting();
    if (waiting < 0) {
      throw new IllegalStateException("max waiting must not be negative: " + waiting);
    }
    BoundedRequests requests = bounded(mixIn);
    if (requests.hasRoom(waiting) || policy == WhenFull.WAIT && requests.awaitRoom(waiting)) {
      start(mixIn, requests, task, policy);
    } else {
      if (Thread.currentThread().isInterrupted()) {
        server.turn().waitInterrupted();
      }
      full(task, policy);
    }
  }

  private void start(
      ThreadPoolMixIn mixIn, BoundedRequests requests, RequestTask task, WhenFull policy)
      throws Exception {
    try {
      server
          .mixInState()
          .threads(() -> requests)
          .start(task, mixIn.daemonThreads(), mixIn.blockOnClose());
    } catch (RejectedExecutionException e) {
      if (policy == WhenFull.WAIT) {
        throw e;
      }
      full(task, policy);
    }
  }

  private void full(RequestTask task, WhenFull policy) {
    switch (policy) {
      case RUN -> BoundedRequests.runContained(task::runInThread);
      case REFUSE -> {
        refused.add(task.clientAddress());
        task.refuse();
      }
      case WAIT -> {
        LOGGER.warn(
            "shut the request from {} down unhandled: serving was ended while it waited for room",
            task.clientAddress());
        task.refuse();
      }
    }
  }

  private BoundedRequests bounded(ThreadPoolMixIn mixIn) {
    BoundedRequests made = bounded;
    return made != null ? made : make(mixIn);
  }

  private synchronized BoundedRequests make(ThreadPoolMixIn mixIn) {
    if (bounded == null) {
      int workers = mixIn.maxWorkers();
      if (workers < 1) {
        throw new IllegalStateException("max workers must be at least 1: " + workers);
      }
      Executor given = mixIn.executor();
      RequestRunner runner = given == null ? new PoolThreads(workers) : new GivenExecutor(given);
      String reason =
          "the server has a pool of " + workers + " workers, made for its first request";
      maxWorkers.freeze(reason);
      executor.freeze(reason);
      bounded = new BoundedRequests(runner, workers, server.loop()::isToEnd, refused::report);
    }
    return bounded;
  }

  /** Tells of the requests that were refused and not told of, if it is time to. */
  void reportRefused() {
    refused.reportInTime();
  }

  /** The server is to end. */
  @Override
  public void wakeup() {
    BoundedRequests made = bounded;
    if (made != null) {
      made.wakeup();
    }
  }
}
