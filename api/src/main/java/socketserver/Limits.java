package socketserver;

import java.time.Duration;

/**
 * How many connections a server has at a time, and how long a client may take: what every {@link
 * BaseServer} has beside Python's attributes. All of it is off unless it is set, and works with
 * every mix-in and every kind of connection.
 *
 * <pre>{@code
 * server.maxConnections(10_000);
 * server.maxConnectionsPerClient(100);
 * server.idleTimeout(Duration.ofMinutes(1));
 * server.leastRate(100);
 * }</pre>
 *
 * <p><b>Connections</b> are what {@link Stoppable#requests()} lists; of a datagram server that is
 * datagrams which are being handled, so that a flood of them has a bound on threads.
 *
 * <p><b>Deadlines</b> are watched by one daemon thread of the server, which looks at all requests
 * ten times within the shortest of them, and once a second at least. So a client has a tenth of a
 * deadline, or a second, more than it says, and never less. A connection whose time is over is
 * ended: the call of the handler that waits for the client, or its next one, throws a {@link
 * ConnectionTimeoutException}, which {@code handleError} takes for a client that hung up. The log
 * says so, five times a second at most. A handler waits for its client while one of its calls on
 * the connection does; one that selects is not seen to wait. In a forking server the child watches
 * its own request.
 *
 * <p>All methods may be called from any thread; what they set holds at once.
 */
public interface Limits {
  /** What is done with a connection when there are as many as may be. */
  enum WhenTooMany {
    /**
     * Nothing is accepted until a request has ended. Meanwhile clients wait in the system's queue
     * (see {@code requestQueueSize}), and {@code serviceActions} is called as on an idle server.
     */
    WAIT,

    /**
     * The connection is accepted and shut down at once, without asking {@code verifyRequest}. The
     * client sees the end of the stream, or a reset if it has sent something. The log says so with
     * a WARN: the first time at once, then with a count every five seconds at most.
     */
    REFUSE
  }

  /**
   * Returns how many connections there may be at a time. Read for each.
   *
   * @return 0 for no limit, unless overridden or set
   */
  default int maxConnections() {
    return ConnectionLimits.of(this).maxConnections.value();
  }

  /**
   * Sets {@link #maxConnections()}. Those that are there stay.
   *
   * @param value how many; 0 for no limit
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if a subclass overrides {@link #maxConnections()}
   */
  default void maxConnections(int value) {
    ConnectionLimits.of(this).maxConnections(value);
  }

  /**
   * Returns how many connections one client may have at a time; what is above is refused, as {@link
   * WhenTooMany#REFUSE} says, whatever {@link #whenTooMany()} returns. A client is an IPv4 address,
   * or the first 64 bits of an IPv6 address, which one host usually has to itself (of loopback and
   * link-local addresses, the whole of it). Clients of a Unix server are not told apart, and have
   * no such limit. Read for each connection; those that began while it was 0 do not count.
   *
   * @return 0 for no limit, unless overridden or set
   */
  default int maxConnectionsPerClient() {
    return ConnectionLimits.of(this).maxConnectionsPerClient.value();
  }

  /**
   * Sets {@link #maxConnectionsPerClient()}.
   *
   * @param value how many; 0 for no limit
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if a subclass overrides {@link #maxConnectionsPerClient()}
   */
  default void maxConnectionsPerClient(int value) {
    ConnectionLimits.checkCount("max connections per client", value);
    ConnectionLimits.of(this).maxConnectionsPerClient.set(value);
  }

  /**
   * Tells what is done when there are {@link #maxConnections()}. Read for each connection.
   *
   * @return {@link WhenTooMany#WAIT}, unless overridden or set
   */
  default WhenTooMany whenTooMany() {
    return ConnectionLimits.of(this).whenTooMany.value();
  }

  /**
   * Sets {@link #whenTooMany()}.
   *
   * @param value what is to be done
   * @throws NullPointerException if it is null
   * @throws IllegalStateException if a subclass overrides {@link #whenTooMany()}
   */
  default void whenTooMany(WhenTooMany value) {
    ConnectionLimits.of(this).whenTooMany(value);
  }

  /**
   * Returns for how long a handler may wait for its client while nothing moves in either direction.
   * A handler that waits for something else, or computes, has all the time it likes. A client that
   * sends nothing sees the end of the stream; one that takes nothing, a reset.
   *
   * @return the longest wait; null for no limit, unless overridden or set
   */
  default Duration idleTimeout() {
    return ConnectionLimits.of(this).idleTimeout.value();
  }

  /**
   * Sets {@link #idleTimeout()}.
   *
   * @param value the longest wait; null for no limit
   * @throws IllegalArgumentException if it is zero or negative
   * @throws IllegalStateException if a subclass overrides {@link #idleTimeout()}
   */
  default void idleTimeout(Duration value) {
    ConnectionLimits.of(this).idleTimeout(value);
  }

  /**
   * Returns how long a request may take in all, from when it is dispatched. Then its connection is
   * reset, and a second later its thread is interrupted; a request without a connection, such as a
   * datagram, is interrupted at once. One that waits for a thread is not handled any more.
   *
   * @return the longest time; null for no limit, unless overridden or set
   */
  default Duration requestTimeout() {
    return ConnectionLimits.of(this).requestTimeout.value();
  }

  /**
   * Sets {@link #requestTimeout()}.
   *
   * @param value the longest time; null for no limit
   * @throws IllegalArgumentException if it is zero or negative
   * @throws IllegalStateException if a subclass overrides {@link #requestTimeout()}
   */
  default void requestTimeout(Duration value) {
    ConnectionLimits.of(this).requestTimeout(value);
  }

  /**
   * Returns how long a client may take to send the first byte that the handler receives, from when
   * its request is dispatched. The handshake of TLS is within that time, and one that begins later
   * has as much by itself. It concerns handlers that wait to receive.
   *
   * @return the longest time; null for no limit, unless overridden or set
   */
  default Duration firstByteTimeout() {
    return ConnectionLimits.of(this).firstByteTimeout.value();
  }

  /**
   * Sets {@link #firstByteTimeout()}.
   *
   * @param value the longest time; null for no limit
   * @throws IllegalArgumentException if it is zero or negative
   * @throws IllegalStateException if a subclass overrides {@link #firstByteTimeout()}
   */
  default void firstByteTimeout(Duration value) {
    ConnectionLimits.of(this).firstByteTimeout(value);
  }

  /**
   * Returns how many bytes a second a client has to send, and to take, while the handler waits for
   * it. It is an average over {@link #rateWindow()}; a client that is slower is reset.
   *
   * <p>A client has to <i>send</i> while its request is under way: from the first byte that the
   * handler receives until the handler sends something. So a client that rests between a response
   * and its next request is not slow, whatever it takes; one that sends now and then to a handler
   * that never answers is: leave it 0 for such a protocol. It has to <i>take</i> while a handler
   * waits to send. What it has taken is what its system has acknowledged, where Linux tells that of
   * a TCP connection; elsewhere it is what has left the handler, so that the system's send buffer
   * hides what a client takes of it.
   *
   * @return 0 for no limit, unless overridden or set
   */
  default int leastRate() {
    return ConnectionLimits.of(this).leastRate.value();
  }

  /**
   * Sets {@link #leastRate()}.
   *
   * @param value bytes a second; 0 for no limit
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if a subclass overrides {@link #leastRate()}
   */
  default void leastRate(int value) {
    ConnectionLimits.of(this).leastRate(value);
  }

  /**
   * Returns over which time {@link #leastRate()} is an average: how long a slow client is endured.
   *
   * @return 10 seconds, unless overridden or set
   */
  default Duration rateWindow() {
    return ConnectionLimits.of(this).rateWindow.value();
  }

  /**
   * Sets {@link #rateWindow()}.
   *
   * @param value the time
   * @throws IllegalArgumentException if it is null, zero or negative
   * @throws IllegalStateException if a subclass overrides {@link #rateWindow()}
   */
  default void rateWindow(Duration value) {
    ConnectionLimits.of(this).rateWindow(value);
  }
}
