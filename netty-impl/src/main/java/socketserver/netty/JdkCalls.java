package socketserver.netty;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import socketserver.PeerCredentials;
import socketserver.ReceivedFds;
import socketserver.UnixAddress;
import socketserver.spi.Endpoint;

/**
 * The calls on a Unix socket of the JDK's, where there is no epoll. Each direction has a selector
 * for itself, made when somebody first waits.
 */
final class JdkCalls implements DirectCalls {
  /** Numbers for sockets without a descriptor, far from those that the system gives. */
  private static final AtomicInteger NUMBERS = new AtomicInteger(2_000_000);

  private final SocketChannel channel;
  private final int number = NUMBERS.getAndIncrement();

  /** Guarded by this: they are made by whoever waits first. */
  private Selector readable;

  private Selector writable;
  private boolean woken;

  JdkCalls(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.configureBlocking(false);
  }

  @Override
  public int receive(ByteBuffer buffer) throws IOException {
    return channel.read(buffer.clear());
  }

  @Override
  public int send(ByteBuffer buffer, int length) throws IOException {
    return channel.write(buffer.position(0).limit(length));
  }

  @Override
  public int available() {
    return -1;
  }

  @Override
  public void shutdown(boolean input, boolean output) throws IOException {
    if (input) {
      channel.shutdownInput();
    }
    if (output) {
      channel.shutdownOutput();
    }
  }

  @Override
  public boolean await(int event, long timeoutNanos) throws IOException {
    try {
      return select(selector(event), timeoutNanos);
    } catch (ClosedSelectorException | ClosedChannelException e) {
      throw NettyEndpoint.closed();
    }
  }

  private boolean select(Selector selector, long timeoutNanos) throws IOException {
    long start = System.nanoTime();
    if (timeoutNanos == Endpoint.FOREVER) {
      selector.select();
    } else {
      // rounded up: zero would wait for ever
      selector.select(TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + 1);
    }
    if (!channel.isOpen() || isWoken()) {
      throw NettyEndpoint.closed();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted while waiting for a connection");
    }
    // a selector that was late says that the time is over, and does not look
    boolean ready = !selector.selectedKeys().isEmpty() || selector.selectNow() > 0;
    selector.selectedKeys().clear();
    return ready || timeoutNanos == Endpoint.FOREVER || System.nanoTime() - start < timeoutNanos;
  }

  private synchronized boolean isWoken() {
    return woken;
  }

  private synchronized Selector selector(int event) throws IOException {
    if (woken) {
      throw NettyEndpoint.closed();
    }
    boolean read = event == Readiness.READ;
    Selector selector = read ? readable : writable;
    if (selector == null) {
      selector = Selector.open();
      channel.register(selector, read ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
      if (read) {
        readable = selector;
      } else {
        writable = selector;
      }
    }
    return selector;
  }

  @Override
  public synchronized void nudge() {
    wake(readable);
    wake(writable);
  }

  @Override
  public synchronized void wake() {
    woken = true;
    wake(readable);
    wake(writable);
  }

  private static void wake(Selector selector) {
    if (selector != null) {
      selector.wakeup();
    }
  }

  @Override
  public UnixAddress localAddress() throws IOException {
    return UnixAddress.of(channel.getLocalAddress());
  }

  @Override
  public Options options() {
    return new JdkUnixOptions(channel);
  }

  @Override
  public PeerCredentials credentials() {
    throw new UnsupportedOperationException(
        "the JDK's unix sockets tell no process: use epoll" + Mechanisms.whyNoEpoll());
  }

  @Override
  public int sendFds(byte[] data, FileDescriptor[] fds) {
    throw passesNone();
  }

  @Override
  public ReceivedFds receiveFds(int size, int maxFds) {
    throw passesNone();
  }

  private static UnsupportedOperationException passesNone() {
    return new UnsupportedOperationException(
        "the JDK's unix sockets pass no descriptors: use epoll" + Mechanisms.whyNoEpoll());
  }

  @Override
  public int fileno() {
    return number;
  }

  @Override
  public int detach() {
    throw new UnsupportedOperationException(
        "the JDK's unix sockets have no descriptors to give away: use epoll"
            + Mechanisms.whyNoEpoll());
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
    for (Selector selector : new Selector[] {readable, writable}) {
      if (selector != null) {
        selector.close();
      }
    }
  }
}
