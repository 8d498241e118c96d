package socketserver;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the mix-ins, being interfaces, keep in the server they are mixed into. */
final class MixInState {
  /** The property that says whether virtual threads run on event loops. */
  private static final String ON_EVENT_LOOPS = "socketserver.onEventLoops";

  final Attribute<Boolean> daemonThreads;
  final Attribute<Boolean> blockOnClose;
  final Attribute<Duration> slowCallbackDuration;
  final Attribute<Boolean> onEventLoops;

  /** Of every server, with any mix-in. */
  final ConnectionLimits limits;

  private final BaseServer<?> server;

  /** Made when the first request is dispatched. Guarded by this for writing. */
  private volatile RequestThreads threads;

  /** By class; each is made when first asked for, which the server's constructor does. */
  private final Map<Class<?>, Part> parts = new ConcurrentHashMap<>();

  /** What one mix-in keeps, for a server whose loop may wait for requests that run elsewhere. */
  interface Part {
    /** Refuses a factory that does not go with the mix-in. */
    default void checkFactory(HandlerFactory<?> factory) {}

    /** Lets the loop see that it is to end, if it waits for a request that runs. */
    void wakeup();

    /** The server, which was closed, may serve again. */
    default void reopen() {}

    /** The requests that were handed to other processes, and have not ended. */
    default List<RunningRequest> requests() {
      return List.of();
    }
  }

  MixInState(BaseServer<?> server) {
    this.server = server;
    daemonThreads = new Attribute<>(server, ThreadedDispatch.class, "daemonThreads", false);
    blockOnClose = new Attribute<>(server, ThreadedDispatch.class, "blockOnClose", true);
    slowCallbackDuration =
        new Attribute<>(
            server, EventLoopMixIn.class, "slowCallbackDuration", Duration.ofMillis(100));
    onEventLoops =
        new Attribute<>(
            server,
            VirtualThreadingMixIn.class,
            "onEventLoops",
            !"false".equals(System.getProperty(ON_EVENT_LOOPS)));
    limits = part(ConnectionLimits.class, ConnectionLimits::new);
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
      threads = new RequestThreads(server.stopping().running(), runner.get());
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

  /** What one mix-in keeps. */
  <T extends Part> T part(Class<T> type, Function<BaseServer<?>, T> maker) {
    return type.cast(parts.computeIfAbsent(type, key -> maker.apply(server)));
  }

  Iterable<Part> parts() {
    return parts.values();
  }

  void loopEnded() {
    limits.loopEnded();
    RequestThreads made = threads;
    if (made != null) {
      made.releaseIdle();
    }
  }
}
