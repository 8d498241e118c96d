package socketserver;

import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.LimitCounts.Limit;
import socketserver.Limits.WhenTooMany;

/**
 * What a server keeps of its {@link Limits}: the attributes, how many connections there are, and
 * what watches the deadlines.
 */
final class ConnectionLimits implements MixInState.Part {
  private static final Logger LOGGER = LoggerFactory.getLogger(BaseServer.class);
  private static final Duration RATE_WINDOW = Duration.ofSeconds(10);

  final Attribute<Integer> maxConnections;
  final Attribute<Integer> maxConnectionsPerClient;
  final Attribute<WhenTooMany> whenTooMany;
  final Attribute<Duration> idleTimeout;
  final Attribute<Duration> requestTimeout;
  final Attribute<Duration> firstByteTimeout;
  final Attribute<Integer> leastRate;
  final Attribute<Duration> rateWindow;

  private final BaseServer<?> server;
  private final ClientCounts clients = new ClientCounts();
  private final LimitCounts counts = new LimitCounts();
  private final Deadlines deadlines;
  private final RefusedRequests tooMany = new RefusedRequests(LOGGER, "too many connections");
  private final RefusedRequests tooManyOfOne =
      new RefusedRequests(LOGGER, "too many connections of one client");

  ConnectionLimits(BaseServer<?> server) {
    this.server = server;
    maxConnections = attribute("maxConnections", 0);
    maxConnectionsPerClient = attribute("maxConnectionsPerClient", 0);
    whenTooMany = attribute("whenTooMany", WhenTooMany.WAIT);
    idleTimeout = attribute("idleTimeout", null);
    requestTimeout = attribute("requestTimeout", null);
    firstByteTimeout = attribute("firstByteTimeout", null);
    leastRate = attribute("leastRate", 0);
    rateWindow = attribute("rateWindow", RATE_WINDOW);
    deadlines = new Deadlines(server, counts);
  }

  private <T> Attribute<T> attribute(String name, T value) {
    return new Attribute<>(server, Limits.class, name, value);
  }

  /** What is kept for a server. */
  static ConnectionLimits of(Limits limits) {
    if (limits instanceof BaseServer<?> server) {
      return server.mixInState().limits;
    }
    throw new IllegalStateException(limits.getClass().getName() + " is no BaseServer");
  }

  /** How many requests each limit has refused or ended. */
  LimitCounts counts() {
    return counts;
  }

  // Setting

  static void checkCount(String what, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          what + " must not be negative: " + value + "; 0 is no limit");
    }
  }

  void maxConnections(int value) {
    checkCount("max connections", value);
    maxConnections.set(value);
    server.stopping().running().wake();
  }

  void whenTooMany(WhenTooMany value) {
    if (value == null) {
      throw new NullPointerException("whenTooMany is null: give WAIT or REFUSE");
    }
    whenTooMany.set(value);
    server.stopping().running().wake();
  }

  void idleTimeout(Duration value) {
    setDeadline(idleTimeout, "idle timeout", value);
  }

  void requestTimeout(Duration value) {
    setDeadline(requestTimeout, "request timeout", value);
  }

  void firstByteTimeout(Duration value) {
    setDeadline(firstByteTimeout, "first byte timeout", value);
  }

  private void setDeadline(Attribute<Duration> deadline, String what, Duration value) {
    if (value != null && (value.isZero() || value.isNegative())) {
      throw new IllegalArgumentException(
          what + " must be positive: " + value + "; null is no limit");
    }
    deadline.set(value);
    deadlines.changed();
  }

  void leastRate(int value) {
    checkCount("least rate", value);
    leastRate.set(value);
    deadlines.changed();
  }

  void rateWindow(Duration value) {
    if (value == null || value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException("rate window must be positive: " + value);
    }
    rateWindow.set(value);
    deadlines.changed();
  }

  // Connections

  /** A request has begun. On the thread that begins it. */
  void begun(RequestTask task) {
    if (server.maxConnectionsPerClient() > 0) {
      clients.add(task);
    }
    deadlines.begun();
  }

  /** A request has ended, or another process has it. */
  void ended(RequestTask task) {
    clients.remove(task);
  }

  /** Whether the deadlines of a request in this process are to be watched. */
  boolean hasDeadlines() {
    return deadlines.areSet();
  }

  /**
   * Waits until another request may be taken, if the server is to wait for that. On the serving
   * thread.
   *
   * @param nanos how long to wait; negative without a limit
   * @param ends whether nothing is to be waited for any longer
   * @return false if the time is over, or nothing is to be waited for
   * @throws InterruptedIOException if the thread is interrupted; its flag stays set
   */
  boolean awaitRoom(long nanos, BooleanSupplier ends) throws InterruptedIOException {
    return mayAccept() || server.stopping().running().await(this::mayAccept, nanos, ends);
  }

  private boolean mayAccept() {
    int most = server.maxConnections();
    return most <= 0 || server.whenTooMany() != WhenTooMany.WAIT || all() < most;
  }

  private int all() {
    return server.stopping().running().all().size() + server.stopping().inChildren().size();
  }

  /** Whether a request that was taken may be processed; it is to be shut down if not. */
  boolean admits(SocketAddress client) {
    int mostOfOne = server.maxConnectionsPerClient();
    if (mostOfOne > 0 && ofClient(client) >= mostOfOne) {
      counts.add(Limit.CONNECTIONS_PER_CLIENT);
      tooManyOfOne.add(client);
      return false;
    }
    int most = server.maxConnections();
    if (most > 0 && server.whenTooMany() == WhenTooMany.REFUSE && all() >= most) {
      counts.add(Limit.CONNECTIONS);
      tooMany.add(client);
      return false;
    }
    return true;
  }

  private int ofClient(SocketAddress address) {
    Object client = ClientCounts.client(address);
    if (client == null) {
      return 0;
    }
    long elsewhere =
        server.stopping().inChildren().stream()
            .filter(request -> client.equals(ClientCounts.client(request.clientAddress())))
            .count();
    return clients.of(client) + (int) elsewhere;
  }

  /** Tells of what was refused and not told of, if it is time to. */
  void reportRefused() {
    tooMany.reportInTime();
    tooManyOfOne.reportInTime();
  }

  /** The loop has ended: tells of all that was refused. */
  void loopEnded() {
    tooMany.report();
    tooManyOfOne.report();
  }

  /** The server is to end. */
  @Override
  public void wakeup() {
    server.stopping().running().wake();
    deadlines.wakeup();
  }
}
