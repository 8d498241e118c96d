package socketserver.netty.stream;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import socketserver.Errno;
import socketserver.netty.ground.Backoff;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.loop.Engine;
import socketserver.netty.loop.Readiness;
import socketserver.netty.socket.OwnedSocket;
import socketserver.spi.StackSpace;
import socketserver.spi.StreamEndpoint;
import socketserver.spi.SystemErrors;
import socketserver.spi.TimeLeft;

/** A stream socket that is connected, or is to be: the system keeps the state, and calls ask it. */
public abstract class ConnectingSocket extends OwnedSocket<StreamCalls> implements StreamEndpoint {
  /** Guarded by state for writing. */
  private volatile SocketAddress local;

  /** Guarded by state for writing: null as well if the system does not know it any more. */
  private volatile SocketAddress peer;

  /** Guarded by state for writing: it is connected, as far as is known. */
  private volatile boolean connected;

  /** Guarded by state for writing: connect(2) has begun, and nothing came of it yet. */
  private volatile boolean connecting;

  /**
   * Takes over a socket.
   *
   * @param connected whether it is connected; it is to be connected otherwise
   * @param local what it is bound to; null to have the system asked
   * @param peer the peer; null if the system does not know it any more
   */
  ConnectingSocket(
      Engine engine,
      StreamCalls calls,
      boolean connected,
      SocketAddress local,
      SocketAddress peer) {
    super(engine, calls);
    this.connected = connected;
    this.local = local;
    this.peer = peer;
  }

  /** What it is bound to, as far as that was asked; null if not. */
  final SocketAddress knownLocal() {
    return local;
  }

  protected final boolean isConnected() {
    return connected;
  }

  @Override
  public final void bind(SocketAddress address) throws IOException {
    StackSpace.reserveMuch();
    ask(
        () -> {
          if (connected) {
            throw new BindException("cannot bind " + address + ": the socket is connected");
          }
          calls.bind(address);
          local = null;
          return null;
        });
  }

  /** Connects a socket, which is closed if that fails. */
  public static <T extends StreamEndpoint> T connected(
      T stream, SocketAddress address, long timeoutNanos) throws IOException {
    boolean connected = false;
    try {
      int errno = stream.connect(address, timeoutNanos);
      if (errno != 0) {
        throw SystemErrors.of(errno, "cannot connect to " + address + ": " + Errno.strerror(errno));
      }
      connected = true;
      return stream;
    } finally {
      if (!connected) {
        stream.close();
      }
    }
  }

  @Override
  public final int connect(SocketAddress address, long timeoutNanos) throws IOException {
    StackSpace.reserveMuch();
    long start = System.nanoTime();
    Backoff backoff = new Backoff();
    int errno = connectNow(address);
    boolean waits = timeoutNanos != 0 && hasToWait(errno);
    // over the loopback interface it is connected by now
    for (boolean again = false; timeoutNanos != 0 && hasToWait(errno); again = true) {
      long left = TimeLeft.of(timeoutNanos, start);
      if (left == 0) {
        throw new SocketTimeoutException("timed out connecting to " + address);
      }
      if (errno == Errno.EAGAIN) {
        // a Unix server's queue is full, and nothing tells when there is room
        backoff.await("connecting to " + address);
      } else if (again && !awaitConnect(left)) {
        throw new SocketTimeoutException("timed out connecting to " + address);
      }
      errno = connectNow(address);
    }
    return waits && errno == Errno.EISCONN ? 0 : errno;
  }

  static boolean hasToWait(int errno) {
    return errno == Errno.EINPROGRESS || errno == Errno.EALREADY || errno == Errno.EAGAIN;
  }

  final int connectNow(SocketAddress address) throws IOException {
    return ask(
        () -> {
          if (connected) {
            return Errno.EISCONN;
          }
          int errno = calls.connect(address);
          connecting = errno == Errno.EINPROGRESS || errno == Errno.EALREADY;
          if (errno == 0) {
            nowConnected(peerOr(address));
          } else if (!connecting) {
            readiness.forget();
          }
          return errno;
        });
  }

  final SocketAddress peerOr(SocketAddress address) {
    try {
      return calls.remoteAddress();
    } catch (IOException e) {
      // the peer has reset the connection already
      return address;
    }
  }

  /** With state held. */
  final void nowConnected(SocketAddress to) {
    local = null;
    peer = to;
    connecting = false;
    connected = true;
    readiness.wake();
  }

  /** Waits until connect(2) has something to say; false if the time is over. */
  final boolean awaitConnect(long timeoutNanos) throws IOException {
    enter(writing, timeoutNanos);
    try {
      return readiness.await(Readiness.WRITE, timeoutNanos, () -> closed || ending || !connecting);
    } finally {
      leave(writing);
    }
  }

  /** Whether it is just being connected, as far as the system says. */
  final boolean isConnecting() throws IOException {
    return !connected
        && ask(
            () -> {
              if (!connected && connecting) {
                try {
                  nowConnected(calls.remoteAddress());
                } catch (SocketException e) {
                  return true;
                }
              }
              return false;
            });
  }

  /** Waits, if it is being connected, until it is or that has failed; what is left of the time. */
  final long awaitConnected(long timeoutNanos, long start) throws IOException {
    if (!connected && isConnecting() && timeoutNanos != 0) {
      if (!awaitConnect(TimeLeft.of(timeoutNanos, start))) {
        throw new SocketTimeoutException("timed out");
      }
      isConnecting();
    }
    return TimeLeft.of(timeoutNanos, start);
  }

  /** What it means that a call failed. */
  final IOException failed(Exception cause, boolean reads) {
    int errno = ChannelErrors.errno(cause);
    if (connected && errno != 0) {
      return reads ? ChannelErrors.ofReading(cause) : ChannelErrors.ofWriting(cause);
    }
    if (errno == Errno.EPIPE) {
      return SystemErrors.of(errno, "broken pipe: " + Errno.strerror(Errno.ENOTCONN));
    }
    if (errno == Errno.EINVAL) {
      // what a Unix socket says
      return SystemErrors.of(Errno.ENOTCONN, Errno.strerror(Errno.ENOTCONN));
    }
    return ChannelErrors.of(cause);
  }

  @Override
  public final SocketAddress peer() {
    return peer;
  }

  @Override
  public final SocketAddress remoteAddress() throws IOException {
    StackSpace.reserveMuch();
    return ask(calls::remoteAddress);
  }

  @Override
  public final SocketAddress localAddress() throws IOException {
    StackSpace.reserveMuch();
    SocketAddress known = local;
    if (known != null && !closed) {
      return known;
    }
    return ask(
        () -> {
          SocketAddress asked = calls.localAddress();
          local = connected ? asked : null;
          return asked;
        });
  }
}
