package socketserver.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import socketserver.Datagram;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.Endpoint;
import socketserver.spi.StackSpace;

/**
 * A datagram socket that is a descriptor: it is sent to and received from by system calls on the
 * callers' threads. No event loop knows it until somebody waits to receive; then the loop only
 * tells, and reads nothing.
 */
abstract class DirectDatagram implements DatagramEndpoint {
  private final Engine engine;
  private final EventLoop loop;
  private final Socket socket;
  private final DirectDatagrams datagrams;
  private final CutDatagrams cut = new CutDatagrams();
  private final DescriptorReadiness readiness;

  /** Made when somebody waits first. Guarded by this for writing. */
  private volatile Readiness wait;

  /** Guarded by this for writing. */
  private volatile boolean closed;

  /**
   * Takes a descriptor over.
   *
   * @param engine the engine, whose share is released by close
   * @param socket the descriptor
   * @param calls the calls of its family
   */
  DirectDatagram(Engine engine, Socket socket, DatagramCalls calls) {
    this.engine = engine;
    this.loop = engine.next();
    this.socket = socket;
    this.datagrams = new DirectDatagrams(socket, calls);
    this.readiness = new DescriptorReadiness(socket.intValue(), this::readyBefore, this::isOpen);
  }

  /** What is ready although the system does not know it. */
  int readyBefore() {
    return 0;
  }

  @Override
  public final DescriptorReadiness readiness() {
    return readiness;
  }

  final Engine engine() {
    return engine;
  }

  final Socket socket() {
    return socket;
  }

  final DirectDatagrams datagrams() {
    return datagrams;
  }

  @Override
  public void send(byte[] data, int offset, int length, SocketAddress target, long timeoutNanos)
      throws IOException {
    datagrams.send(data, offset, length, target, timeoutNanos);
  }

  @Override
  public void send(byte[] data, int offset, int length, long timeoutNanos) throws IOException {
    datagrams.send(data, offset, length, null, timeoutNanos);
  }

  @Override
  public void connect(SocketAddress target) throws IOException {
    datagrams.connect(target);
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    return datagrams.remoteAddress();
  }

  /** Cuts a datagram to the size that was asked for. */
  final Datagram cut(int size, Datagram datagram) {
    return cut.atMost(size, datagram);
  }

  /** What is left of a time-out. */
  static long left(long timeoutNanos, long start) {
    return timeoutNanos == Endpoint.FOREVER
        ? timeoutNanos
        : Math.max(timeoutNanos - (System.nanoTime() - start), 0);
  }

  /** Waits until something has arrived, as {@link Readiness#await(int, long, BooleanSupplier)}. */
  final boolean await(long timeoutNanos, BooleanSupplier ended) throws IOException {
    StackSpace.reserve();
    Readiness made = wait;
    if (made == null) {
      synchronized (this) {
        checkOpen();
        if (ended.getAsBoolean()) {
          return true;
        }
        if (wait == null) {
          wait = new Readiness(engine, socket);
        }
        made = wait;
      }
    }
    return made.await(Readiness.READ, timeoutNanos, ended);
  }

  /** Has those who wait look again. */
  final void nudge() {
    Readiness waiting = wait;
    if (waiting != null) {
      waiting.nudge();
    }
  }

  /** Ends all waiting, and has the loop forget the descriptor. */
  final synchronized void forget() {
    if (wait != null) {
      wait.close();
      wait = null;
    }
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    return datagrams.localAddress();
  }

  @Override
  public final void setOption(int level, int name, int value) throws IOException {
    StackSpace.reserve();
    datagrams.call(
        socket -> {
          new Options.Native(socket).set(level, name, value);
          return null;
        });
  }

  @Override
  public final void setOption(int level, int name, byte[] value) throws IOException {
    StackSpace.reserve();
    datagrams.call(
        socket -> {
          new Options.Native(socket).set(level, name, value);
          return null;
        });
  }

  @Override
  public final int option(int level, int name) throws IOException {
    StackSpace.reserve();
    return datagrams.call(socket -> new Options.Native(socket).get(level, name));
  }

  @Override
  public final byte[] option(int level, int name, int length) throws IOException {
    StackSpace.reserve();
    return datagrams.call(socket -> new Options.Native(socket).get(level, name, length));
  }

  @Override
  public final Executor eventLoop() {
    return loop;
  }

  @Override
  public final int fileno() {
    return closed ? -1 : socket.intValue();
  }

  @Override
  public final boolean isOpen() {
    return !closed;
  }

  final void checkOpen() throws IOException {
    if (closed) {
      throw NettyEndpoint.closed();
    }
  }

  /** Closes the descriptor, when the calls at work have returned. */
  @Override
  public final void close() {
    StackSpace.reserveMuch();
    if (!datagrams.close()) {
      return;
    }
    synchronized (this) {
      closed = true;
      readiness.leave();
      forget();
    }
    try {
      closeDescriptor();
    } catch (IOException e) {
      throw new UncheckedIOException("closing the socket failed", ChannelErrors.of(e));
    } finally {
      engine.release();
    }
    settle();
  }

  /** Closes the descriptor, which nobody uses any more. */
  void closeDescriptor() throws IOException {
    socket.close();
  }

  @Override
  public final void settle() {
    engine.settle();
  }
}
