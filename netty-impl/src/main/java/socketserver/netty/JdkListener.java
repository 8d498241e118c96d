package socketserver.netty;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.InvalidPathException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import socketserver.SocketConstants;
import socketserver.UnixAddress;
import socketserver.WouldBlockException;
import socketserver.spi.Endpoint;
import socketserver.spi.ListenerEndpoint;
import socketserver.spi.StackSpace;
import socketserver.spi.StreamEndpoint;

/**
 * A Unix stream socket of the JDK's that waits for connections, where there is no epoll. The thread
 * that serves asks the system itself. Binding and listening is one step.
 */
final class JdkListener implements ListenerEndpoint {
  private final ServerSocketChannel channel;
  private final Selector selector;

  /** Held by whoever waits. */
  private final ReentrantLock waiting = new ReentrantLock();

  private final AtomicBoolean wakeup = new AtomicBoolean();
  private volatile boolean closed;
  private volatile boolean bound;

  /** Means nothing to a Unix socket, but is read back as it was set. */
  private volatile int reuseAddress;

  JdkListener() throws IOException {
    this.channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      this.selector = Selector.open();
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_ACCEPT);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** The address as the JDK has it. */
  static UnixDomainSocketAddress jdk(UnixAddress address) throws SocketException {
    if (address.isAbstract()) {
      throw new SocketException(
          "no abstract names without epoll: " + address + Mechanisms.whyNoEpoll());
    }
    try {
      return UnixDomainSocketAddress.of(address.path());
    } catch (InvalidPathException e) {
      throw new SocketException("no path: " + address + ": " + e.getReason());
    }
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    checkOpen();
    try {
      channel.bind(jdk((UnixAddress) address), SocketConstants.SOMAXCONN);
      bound = true;
    } catch (IOException e) {
      BindException error = new BindException("cannot bind " + address + ": " + text(e));
      error.initCause(e);
      throw error;
    }
  }

  /** The system's words, which begin with a capital. */
  private static String text(IOException cause) {
    String text = String.valueOf(cause.getMessage());
    return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  @Override
  public void listen(int backlog) throws IOException {
    checkOpen();
    if (!bound) {
      throw new SocketException("cannot listen: the socket is not bound");
    }
  }

  @Override
  public void withoutReadAhead() {
    throw new UnsupportedOperationException(
        "the JDK's unix sockets have no descriptors to hand over: use epoll"
            + Mechanisms.whyNoEpoll());
  }

  @Override
  public StreamEndpoint accept(long timeoutNanos) throws IOException {
    long start = System.nanoTime();
    while (true) {
      checkOpen();
      SocketChannel accepted = acceptNow();
      if (accepted != null) {
        return DirectStream.of(accepted);
      }
      if (timeoutNanos == 0) {
        throw new WouldBlockException("nothing has arrived");
      }
      long left = timeoutNanos;
      if (timeoutNanos != Endpoint.FOREVER) {
        left = timeoutNanos - (System.nanoTime() - start);
        if (left <= 0) {
          throw new SocketTimeoutException("timed out");
        }
      }
      select(left, false);
    }
  }

  /** A connection that is there, or null. */
  private SocketChannel acceptNow() throws IOException {
    try {
      return channel.accept();
    } catch (ClosedChannelException e) {
      throw NettyEndpoint.closed();
    } catch (IOException e) {
      throw ChannelErrors.failed("cannot accept", e);
    }
  }

  @Override
  public boolean awaitReadable(long timeoutNanos) throws IOException {
    long start = System.nanoTime();
    while (true) {
      checkOpen();
      long left = timeoutNanos;
      if (timeoutNanos != Endpoint.FOREVER) {
        left = Math.max(timeoutNanos - (System.nanoTime() - start), 0);
      }
      if (select(left, true)) {
        return true;
      }
      if (wakeup.getAndSet(false) || left == 0) {
        return false;
      }
    }
  }

  /** Waits for a connection; another reason to end is for the caller to find out. */
  private boolean select(long nanos, boolean wakeable) throws IOException {
    StackSpace.reserveMuch();
    waiting.lock();
    try {
      if (wakeable && wakeup.get() || nanos == 0) {
        selector.selectNow();
      } else if (nanos == Endpoint.FOREVER) {
        selector.select();
      } else {
        selector.select(TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
      }
      checkOpen();
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted while waiting for a request");
      }
      boolean ready = !selector.selectedKeys().isEmpty();
      selector.selectedKeys().clear();
      return ready;
    } catch (ClosedSelectorException e) {
      throw NettyEndpoint.closed();
    } finally {
      waiting.unlock();
    }
  }

  @Override
  public void wakeup() {
    wakeup.set(true);
    selector.wakeup();
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    checkOpen();
    return bound ? UnixAddress.of(channel.getLocalAddress()) : null;
  }

  private Options options() throws IOException {
    checkOpen();
    return new JdkUnixOptions(channel);
  }

  @Override
  public void setOption(int level, int name, int value) throws IOException {
    options().set(level, name, value);
    if (level == SocketConstants.SOL_SOCKET && name == SocketConstants.SO_REUSEADDR) {
      reuseAddress = value;
    }
  }

  @Override
  public void setOption(int level, int name, byte[] value) throws IOException {
    options().set(level, name, value);
  }

  @Override
  public int option(int level, int name) throws IOException {
    Options options = options();
    return level == SocketConstants.SOL_SOCKET && name == SocketConstants.SO_REUSEADDR
        ? reuseAddress
        : options.get(level, name);
  }

  @Override
  public byte[] option(int level, int name, int length) throws IOException {
    return options().get(level, name, length);
  }

  @Override
  public int fileno() {
    return closed ? -1 : System.identityHashCode(this) | 1 << 21;
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
    try {
      selector.wakeup();
      channel.close();
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing the listener failed", e);
    }
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw NettyEndpoint.closed();
    }
  }
}
