package socketserver;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.time.Duration;
import java.util.Objects;
import socketserver.select.Selectable;
import socketserver.spi.Endpoint;
import socketserver.spi.ReadinessSource;

/**
 * What every socket has: an address, options, a time-out, a descriptor and an end.
 *
 * <p>May be used from any thread. A blocking call waits at most {@link #gettimeout()}; without a
 * time-out it waits until there is something to do, the socket is closed or the thread interrupted.
 */
public abstract class BaseSocket implements SocketConstants, Selectable, Closeable {
  private static final long MAX_NANOS = Long.MAX_VALUE / 4;

  /** Nanoseconds a call may wait. Written by any thread; each call reads it once. */
  private volatile long timeoutNanos = Endpoint.FOREVER;

  /** Ends with the socket. Written by the constructor. */
  private SocketHold hold;

  BaseSocket() {}

  /** The endpoint is open, and is closed when nobody has this any more. */
  final void holds(Endpoint endpoint) {
    hold = new SocketHold(this, endpoint);
  }

  /** The endpoint is closed, or somebody else's. */
  final void letGo() {
    hold.drop();
  }

  /**
   * Hands a call's result on. The call may be the last that anybody makes: this is not forgotten
   * before it has returned.
   */
  final <T> T kept(T result) {
    Reference.reachabilityFence(this);
    return result;
  }

  /** As {@link #kept(Object)}. */
  final int kept(int result) {
    Reference.reachabilityFence(this);
    return result;
  }

  /** As {@link #kept(Object)}. */
  final boolean kept(boolean result) {
    Reference.reachabilityFence(this);
    return result;
  }

  /** As {@link #kept(Object)}, for a call without a result. */
  final void kept() {
    Reference.reachabilityFence(this);
  }

  /** The transport's side of this socket. */
  abstract Endpoint endpoint();

  /**
   * Returns the address that this socket is bound to (Python: {@code getsockname()}).
   *
   * @return the local address, or null before it is bound
   * @throws IOException if the socket is closed
   */
  public SocketAddress getsockname() throws IOException {
    return kept(endpoint().localAddress());
  }

  /**
   * Sets how long a blocking call may wait (Python: {@code settimeout}).
   *
   * @param timeout the longest wait; null for no limit, zero for non-blocking calls
   * @throws IllegalArgumentException if it is negative
   */
  public void settimeout(Duration timeout) {
    timeoutNanos = nanos(timeout);
  }

  /**
   * Returns how long a blocking call may wait (Python: {@code gettimeout}).
   *
   * @return the longest wait, or null for no limit
   */
  public Duration gettimeout() {
    long nanos = timeoutNanos;
    return nanos == Endpoint.FOREVER ? null : Duration.ofNanos(nanos);
  }

  /**
   * Switches between calls that wait without limit and calls that never wait (Python: {@code
   * setblocking}).
   *
   * @param blocking true for {@code settimeout(null)}, false for {@code settimeout(Duration.ZERO)}
   */
  public void setblocking(boolean blocking) {
    timeoutNanos = blocking ? Endpoint.FOREVER : 0;
  }

  /**
   * Tells whether calls may wait (Python: {@code getblocking}).
   *
   * @return false if the time-out is zero
   */
  public boolean getblocking() {
    return timeoutNanos != 0;
  }

  /**
   * Sets an integer option (Python: {@code setsockopt(level, name, int)}).
   *
   * @param level the protocol level, such as {@link SocketConstants#SOL_SOCKET}
   * @param name the option, such as {@link SocketConstants#SO_KEEPALIVE}
   * @param value its new value
   * @throws IOException if the socket is closed or the option is refused
   */
  public void setsockopt(int level, int name, int value) throws IOException {
    endpoint().setOption(level, name, value);
    kept();
  }

  /**
   * Sets an option that is on or off (Python passes True or False for an int).
   *
   * @param level the protocol level
   * @param name the option
   * @param value whether it is on
   * @throws IOException if the socket is closed or the option is refused
   */
  public void setsockopt(int level, int name, boolean value) throws IOException {
    setsockopt(level, name, value ? 1 : 0);
  }

  /**
   * Sets an option that is a structure (Python: {@code setsockopt(level, name, struct.pack(...))}).
   *
   * @param level the protocol level
   * @param name the option
   * @param value the structure's bytes in the system's layout
   * @throws IOException if the socket is closed or the option is refused
   */
  public void setsockopt(int level, int name, byte[] value) throws IOException {
    endpoint().setOption(level, name, Objects.requireNonNull(value, "value is null"));
    kept();
  }

  /**
   * Reads an integer option (Python: {@code getsockopt(level, name)}).
   *
   * @param level the protocol level
   * @param name the option
   * @return its value
   * @throws IOException if the socket is closed or the option is refused
   */
  public int getsockopt(int level, int name) throws IOException {
    return kept(endpoint().option(level, name));
  }

  /**
   * Reads an option that is a structure (Python: {@code getsockopt(level, name, length)}).
   *
   * @param level the protocol level
   * @param name the option
   * @param length how many bytes to ask for
   * @return the structure's bytes
   * @throws IllegalArgumentException if the length is not positive
   * @throws IOException if the socket is closed or the option is refused
   */
  public byte[] getsockopt(int level, int name, int length) throws IOException {
    if (length <= 0) {
      throw new IllegalArgumentException("option length must be positive: " + length);
    }
    return kept(endpoint().option(level, name, length));
  }

  /**
   * Sets an option by its Java name.
   *
   * @param <T> the type of its value
   * @param option the option, such as {@link java.net.StandardSocketOptions#TCP_NODELAY}
   * @param value its new value
   * @throws IllegalArgumentException if this library knows no number for the option
   * @throws IOException if the socket is closed or the option is refused
   */
  public <T> void setsockopt(SocketOption<T> option, T value) throws IOException {
    JavaSocketOptions.set(this, option, value);
  }

  /**
   * Reads an option by its Java name.
   *
   * @param <T> the type of its value
   * @param option the option, such as {@link java.net.StandardSocketOptions#SO_RCVBUF}
   * @return its value
   * @throws IllegalArgumentException if this library knows no number for the option
   * @throws IOException if the socket is closed or the option is refused
   */
  public <T> T getsockopt(SocketOption<T> option) throws IOException {
    return JavaSocketOptions.get(this, option);
  }

  /**
   * Returns the descriptor (Python: {@code fileno()}). On a transport without descriptors (NIO) it
   * is a number that is unique in this process and means nothing to the system.
   *
   * @return the number, or -1 once closed
   */
  @Override
  public int fileno() {
    int number = endpoint().fileno();
    SocketNumbers.note(number, this);
    return kept(number);
  }

  @Override
  public ReadinessSource readiness() {
    return kept(endpoint().readiness());
  }

  /**
   * Closes the socket (Python: {@code close()}). Idempotent; what was written is still sent. A
   * socket that nobody has any more is closed when the garbage collector has found that.
   */
  @Override
  public void close() {
    endpoint().close();
    letGo();
  }

  long timeoutNanos() {
    return timeoutNanos;
  }

  void timeoutNanos(long value) {
    timeoutNanos = value;
  }

  /** A duration as the endpoints count it: {@link Endpoint#FOREVER} for null. */
  static long nanos(Duration timeout) {
    if (timeout == null) {
      return Endpoint.FOREVER;
    }
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout must not be negative: " + timeout);
    }
    return timeout.getSeconds() >= MAX_NANOS / 1_000_000_000L ? MAX_NANOS : timeout.toNanos();
  }

  static SocketException closed() {
    return new SocketException("bad file descriptor: the socket is closed");
  }
}
