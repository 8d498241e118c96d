package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.locks.ReentrantLock;
import socketserver.SocketConstants;
import socketserver.spi.ListenerEndpoint;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StackSpace;
import socketserver.spi.StreamEndpoint;

/**
 * A listener on a system that gives descriptors: socket, bind and listen are the system calls, as
 * in Python; the descriptor that listens is then adopted by a Netty channel.
 */
class NativeListener implements ListenerEndpoint {
  private final Engine engine;
  private final Acceptor acceptor;
  private final Socket socket;
  private final Options options;
  private final ReentrantLock lock = new ReentrantLock();

  private final ReadinessSource readiness;

  /** Guarded by lock for writing: the channel that owns the descriptor, once it listens. */
  private volatile Channel channel;

  /** Guarded by lock for writing. */
  private volatile boolean closed;

  /** Guarded by lock for writing. */
  private volatile boolean bound;

  NativeListener(Engine engine, SocketProtocolFamily family) {
    this(
        engine,
        new Acceptor(channel -> InternetStream.accepted(engine, channel)),
        NativeSocket.stream(family));
  }

  NativeListener(Engine engine, Acceptor acceptor, Socket socket) {
    this.engine = engine;
    this.acceptor = acceptor;
    this.socket = socket;
    this.options = new Options.Native(socket);
    this.readiness = acceptor.readiness(this::readyBesides, this::isOpen);
  }

  /** Linux says of a socket that does not listen that both its directions have ended. */
  private int readyBesides() {
    return channel == null ? ReadinessSource.OUT | ReadinessSource.HUP : 0;
  }

  @Override
  public ReadinessSource readiness() {
    return readiness;
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    StackSpace.reserveMuch();
    lock.lock();
    try {
      checkOpen();
      bind(socket, address);
      bound = true;
    } finally {
      lock.unlock();
    }
  }

  /** Binds the descriptor. */
  void bind(Socket socket, SocketAddress address) throws IOException {
    try {
      socket.bind(address);
    } catch (IOException e) {
      throw ChannelErrors.ofBinding(address, e);
    }
  }

  /** The address that the descriptor is bound to. */
  SocketAddress localAddress(Socket socket) {
    return socket.localAddress();
  }

  /** Makes a channel of the descriptor, which listens. */
  Channel adopt(Mechanism mechanism, int fd) {
    return mechanism.adoptListener(fd);
  }

  @Override
  public void listen(int backlog) throws IOException {
    StackSpace.reserveMuch();
    lock.lock();
    try {
      checkOpen();
      if (!bound) {
        throw new SocketException("cannot listen: the socket is not bound");
      }
      socket.listen(backlog);
      if (channel == null) {
        adopt();
      }
    } catch (NativeIoException | ChannelException e) {
      throw ChannelErrors.failed("cannot listen", e);
    } finally {
      lock.unlock();
    }
  }

  private void adopt() throws IOException {
    int level = SocketConstants.SOL_SOCKET;
    int reuse = options.get(level, SocketConstants.SO_REUSEADDR);
    channel = adopt(engine.mechanism(), socket.intValue());
    // the channel's configuration has switched it on
    options.set(level, SocketConstants.SO_REUSEADDR, reuse);
    acceptor.attach(channel);
    engine.register(channel);
  }

  /** As every connection is here. */
  @Override
  public void withoutReadAhead() {}

  @Override
  public StreamEndpoint accept(long timeoutNanos) throws IOException {
    return acceptor.accept(timeoutNanos);
  }

  @Override
  public boolean awaitReadable(long timeoutNanos) throws IOException {
    return acceptor.awaitReadable(timeoutNanos);
  }

  @Override
  public void wakeup() {
    acceptor.wakeup();
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    checkOpen();
    return bound ? localAddress(socket) : null;
  }

  @Override
  public void setOption(int level, int name, int value) throws IOException {
    checkOpen();
    options.set(level, name, value);
  }

  @Override
  public void setOption(int level, int name, byte[] value) throws IOException {
    checkOpen();
    options.set(level, name, value);
  }

  @Override
  public int option(int level, int name) throws IOException {
    checkOpen();
    return options.get(level, name);
  }

  @Override
  public byte[] option(int level, int name, int length) throws IOException {
    checkOpen();
    return options.get(level, name, length);
  }

  @Override
  public int fileno() {
    return closed ? -1 : socket.intValue();
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void settle() {
    engine.settle();
  }

  /** Closes the listener; its port is free, and its waiting connections refused, on return. */
  @Override
  public void close() {
    StackSpace.reserveMuch();
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      if (channel != null) {
        channel.close().awaitUninterruptibly();
      } else {
        socket.close();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("closing the listener failed", ChannelErrors.of(e));
    } finally {
      lock.unlock();
    }
    acceptor.close();
    engine.release();
    settle();
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw NettyEndpoint.closed();
    }
  }
}
