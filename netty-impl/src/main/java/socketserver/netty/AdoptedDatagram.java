package socketserver.netty;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import socketserver.Datagram;
import socketserver.WouldBlockException;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.Endpoint;

/**
 * A copy of a datagram socket that other processes use, too: nothing is received that nobody asks
 * for, as it would be missed elsewhere. No event loop knows it until somebody waits to receive.
 */
final class AdoptedDatagram implements DatagramEndpoint {
  /** What an event loop may take to tell what is there already. */
  private static final long SHORTEST_WAIT = TimeUnit.MILLISECONDS.toNanos(10);

  private final Engine engine;
  private final Socket socket;
  private final DirectDatagrams datagrams;
  private final CutDatagrams cut = new CutDatagrams();
  private final AtomicBoolean wakeup = new AtomicBoolean();

  /** Made when somebody waits first. Guarded by this for writing. */
  private volatile Readiness readiness;

  /** Guarded by this for writing. */
  private volatile boolean closed;

  /**
   * Takes a descriptor over.
   *
   * @param engine the engine, of which this takes a share until it is closed
   * @param fd the descriptor
   * @param calls the calls of its family
   * @throws IOException if it is no socket; it stays the caller's then
   */
  AdoptedDatagram(Engine engine, int fd, DatagramCalls calls) throws IOException {
    if (!engine.mechanism().watchesDescriptors()) {
      throw new UnsupportedOperationException(engine.mechanism().adoptsNone());
    }
    this.socket = NativeSocket.of(fd);
    this.datagrams = new DirectDatagrams(socket, calls);
    this.engine = engine.share();
  }

  @Override
  public void send(byte[] data, int offset, int length, SocketAddress target, long timeoutNanos)
      throws IOException {
    datagrams.send(data, offset, length, target, timeoutNanos);
  }

  @Override
  public Datagram receive(int size, long timeoutNanos) throws IOException {
    long start = System.nanoTime();
    while (true) {
      Datagram datagram = datagrams.receive(size);
      if (datagram != null) {
        return cut.atMost(size, datagram);
      }
      if (timeoutNanos == 0) {
        throw new WouldBlockException("nothing has arrived");
      }
      long left =
          timeoutNanos == Endpoint.FOREVER
              ? timeoutNanos
              : Math.max(timeoutNanos - (System.nanoTime() - start), 0);
      if (!readiness().await(Readiness.READ, left)) {
        throw new SocketTimeoutException("timed out");
      }
    }
  }

  @Override
  public boolean awaitReadable(long timeoutNanos) throws IOException {
    long wait =
        timeoutNanos == Endpoint.FOREVER ? timeoutNanos : Math.max(timeoutNanos, SHORTEST_WAIT);
    boolean told = readiness().await(Readiness.READ, wait, wakeup::get);
    return !wakeup.getAndSet(false) && told;
  }

  @Override
  public void wakeup() {
    wakeup.set(true);
    Readiness waiting = readiness;
    if (waiting != null) {
      waiting.nudge();
    }
  }

  private synchronized Readiness readiness() throws IOException {
    checkOpen();
    if (readiness == null) {
      readiness = new Readiness(engine, socket);
    }
    return readiness;
  }

  /** Nothing is read ahead. */
  @Override
  public void expect(int size) {}

  @Override
  public void bind(SocketAddress address) throws IOException {
    checkOpen();
    throw new SocketException(
        "cannot bind " + address + ": the process that the socket came from has bound it");
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    return datagrams.localAddress();
  }

  @Override
  public void setOption(int level, int name, int value) throws IOException {
    datagrams.call(
        socket -> {
          new Options.Native(socket).set(level, name, value);
          return null;
        });
  }

  @Override
  public void setOption(int level, int name, byte[] value) throws IOException {
    datagrams.call(
        socket -> {
          new Options.Native(socket).set(level, name, value);
          return null;
        });
  }

  @Override
  public int option(int level, int name) throws IOException {
    return datagrams.call(socket -> new Options.Native(socket).get(level, name));
  }

  @Override
  public byte[] option(int level, int name, int length) throws IOException {
    return datagrams.call(socket -> new Options.Native(socket).get(level, name, length));
  }

  @Override
  public int fileno() {
    return closed ? -1 : socket.intValue();
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw NettyEndpoint.closed();
    }
  }

  /** Closes this copy, when the calls at work have returned. */
  @Override
  public void close() {
    if (!datagrams.close()) {
      return;
    }
    synchronized (this) {
      closed = true;
      if (readiness != null) {
        readiness.close();
      }
    }
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing the socket failed", e);
    } finally {
      engine.release();
    }
    settle();
  }

  @Override
  public void settle() {
    engine.settle();
  }
}
