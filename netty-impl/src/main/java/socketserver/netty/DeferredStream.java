package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.FileChannel;
import java.nio.channels.NotYetConnectedException;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import socketserver.SocketConstants;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StreamEndpoint;

/**
 * A connection that for the time being is a descriptor which no event loop knows: nothing is read
 * from it ahead, and another process can have it as it is. As long as nobody has to wait for it, it
 * is read and written by system calls on the caller's thread; the first that has to makes it a
 * {@link NettyStream}.
 */
abstract class DeferredStream implements StreamEndpoint {
  private static final byte[] NOTHING = {};

  /** What would have to wait: reading no byte is not possible, as the end is -1. */
  private static final int HAS_TO_WAIT = 0;

  private final Engine engine;
  private final Socket socket;
  private final SocketAddress local;
  private final SocketAddress peer;
  private final EventLoop loop;
  private final ReentrantLock lock = new ReentrantLock();

  /** Accepted in this process, in which nobody else has had the descriptor. */
  private final boolean accepted;

  /** Set by any thread: the program may have set SO_LINGER, here or where it comes from. */
  private volatile boolean lingerMayBeSet;

  /** Guarded by lock: the channel of an accepted connection; others are made at the start. */
  private Channel channel;

  private final DescriptorReadiness readiness;

  /** Guarded by lock for writing: what was read before this was made, and not again. */
  private volatile byte[] arrived = NOTHING;

  /** Guarded by lock: writing was shut down before it started. */
  private boolean outputEnded;

  /** What it has become. Guarded by lock for writing. */
  private volatile StreamEndpoint running;

  /** Guarded by lock for writing: it was closed, handed over or given away before it started. */
  private volatile boolean ended;

  /** Guarded by lock for writing: the descriptor is closed or given away; so it has ended, too. */
  private volatile boolean gone;

  /**
   * Makes a connection.
   *
   * @param engine the engine, of which this takes a share until it starts or ends
   * @param socket the descriptor, which this owns
   * @param channel its channel, not registered, or null
   * @param local the address that it is bound to
   * @param peer the peer's address; null if the system does not know it any more
   */
  DeferredStream(
      Engine engine, Socket socket, Channel channel, SocketAddress local, SocketAddress peer) {
    this.engine = engine.share();
    this.loop = engine.next();
    this.socket = socket;
    this.channel = channel;
    this.accepted = channel != null;
    this.lingerMayBeSet = !accepted;
    this.local = local;
    this.peer = peer;
    this.readiness = new DescriptorReadiness(socket.intValue(), this::readyBefore, this::isOpen);
  }

  /** What is ready although the system does not know it. */
  private int readyBefore() {
    return arrived.length > 0 ? ReadinessSource.IN : 0;
  }

  @Override
  public ReadinessSource readiness() {
    if (engine.mechanism().watchesDescriptors()) {
      return readiness;
    }
    try {
      return started().readiness();
    } catch (IOException e) {
      return readiness;
    }
  }

  /** What was read before this was made, and is to be read again. */
  final void arrived(byte[] bytes) {
    arrived = bytes;
  }

  final byte[] arrived() {
    return arrived;
  }

  /** Makes a channel of the descriptor; the channel owns it from then on. */
  abstract Channel adopt(Engine engine, Socket socket) throws IOException;

  /** Asks the system who the peer is. With the descriptor held. */
  abstract SocketAddress askForPeer(Socket socket) throws IOException;

  /** The connection at work, which begins now if it has not yet. */
  final StreamEndpoint started() throws IOException {
    StreamEndpoint already = running;
    return already != null ? already : startAs(this::begin);
  }

  private NettyStream begin(Engine engine, Socket socket) throws IOException {
    if (channel == null) {
      channel = adopt(engine, socket);
    }
    NettyStream stream = new NettyStream(engine, channel, loop);
    if (lingerMayBeSet) {
      stream.lingerMayBeSet();
    }
    if (accepted) {
      stream.isAlone();
    }
    stream.arrived(arrived);
    if (channel.isActive()) {
      stream.register();
      if (outputEnded) {
        stream.outputHasEnded();
      }
    } else {
      stream.beginLost(socket);
    }
    return stream;
  }

  /** Makes something of the descriptor. */
  interface Beginning {
    StreamEndpoint begin(Engine engine, Socket socket) throws IOException;
  }

  /** The connection at work, which becomes what is given if it has not begun. */
  final StreamEndpoint startAs(Beginning beginning) throws IOException {
    lock.lock();
    try {
      if (running == null) {
        checkOpen();
        begin(beginning);
      }
      return running;
    } finally {
      lock.unlock();
    }
  }

  private void begin(Beginning beginning) throws IOException {
    readiness.leave();
    try {
      running = beginning.begin(engine, socket);
      readiness.become(running.readiness());
    } finally {
      if (running == null) {
        readiness.stay();
      }
    }
    engine.release();
  }

  /** The descriptor's number, whether or not it is still this connection's. */
  final int descriptor() {
    return socket.intValue();
  }

  /** What it has become, or null. */
  final StreamEndpoint running() {
    return running;
  }

  /** For {@link Pipelines}. */
  final ChannelPipeline pipeline() {
    try {
      if (started() instanceof NettyStream stream) {
        return stream.pipeline();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalArgumentException("a connection that is not read ahead has no pipeline");
  }

  private void checkOpen() throws IOException {
    if (!isOpen()) {
      throw NettyEndpoint.closed();
    }
  }

  // What needs no event loop

  /** A call to the system about the descriptor. */
  interface Call<T> {
    T run(Socket socket) throws IOException;
  }

  /** Asks the system while the descriptor cannot be closed by this. */
  final <T> T ask(Call<T> call) throws IOException {
    lock.lock();
    try {
      checkOpen();
      return call.run(socket);
    } finally {
      lock.unlock();
    }
  }

  /** The loop that it will be registered with. */
  @Override
  public Executor eventLoop() {
    return loop;
  }

  @Override
  public SocketAddress peer() {
    return peer;
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    StreamEndpoint stream = running;
    return stream != null ? stream.remoteAddress() : ask(this::askForPeer);
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    checkOpen();
    return local;
  }

  @Override
  public void setOption(int level, int name, int value) throws IOException {
    StreamEndpoint stream = running;
    if (stream != null) {
      stream.setOption(level, name, value);
    } else {
      noteLinger(level, name);
      ask(
          socket -> {
            new Options.Native(socket).set(level, name, value);
            return null;
          });
    }
  }

  @Override
  public void setOption(int level, int name, byte[] value) throws IOException {
    StreamEndpoint stream = running;
    if (stream != null) {
      stream.setOption(level, name, value);
    } else {
      noteLinger(level, name);
      ask(
          socket -> {
            new Options.Native(socket).set(level, name, value);
            return null;
          });
    }
  }

  private void noteLinger(int level, int name) {
    if (level == SocketConstants.SOL_SOCKET && name == SocketConstants.SO_LINGER) {
      lingerMayBeSet = true;
    }
  }

  @Override
  public int option(int level, int name) throws IOException {
    StreamEndpoint stream = running;
    return stream != null
        ? stream.option(level, name)
        : ask(socket -> new Options.Native(socket).get(level, name));
  }

  @Override
  public byte[] option(int level, int name, int length) throws IOException {
    StreamEndpoint stream = running;
    return stream != null
        ? stream.option(level, name, length)
        : ask(socket -> new Options.Native(socket).get(level, name, length));
  }

  @Override
  public int fileno() {
    StreamEndpoint stream = running;
    if (stream != null) {
      return stream.fileno();
    }
    return gone ? -1 : socket.intValue();
  }

  @Override
  public boolean isOpen() {
    StreamEndpoint stream = running;
    return stream == null ? !ended : stream.isOpen();
  }

  @Override
  public SSLSession tlsSession() {
    StreamEndpoint stream = running;
    return stream == null ? null : stream.tlsSession();
  }

  @Override
  public String applicationProtocol() {
    StreamEndpoint stream = running;
    return stream == null ? null : stream.applicationProtocol();
  }

  @Override
  public void settle() {
    engine.settle();
  }

  // Its ends

  /** Ends it before it starts; false if it has started. */
  private boolean endUnused(boolean givenAway) throws IOException {
    lock.lock();
    try {
      if (running != null) {
        return false;
      }
      checkOpen();
      ended = true;
      gone = givenAway;
      readiness.leave();
    } finally {
      lock.unlock();
    }
    engine.release();
    return true;
  }

  @Override
  public byte[] handOver() throws IOException {
    return endUnused(false) ? arrived : running.handOver();
  }

  @Override
  public int detach() throws IOException {
    return endUnused(true) ? socket.intValue() : running.detach();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (running != null) {
        running.close();
      } else if (!gone) {
        closeUnused();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void awaitSent() {
    StreamEndpoint stream = running;
    if (stream != null) {
      stream.awaitSent();
    }
  }

  private void closeUnused() {
    boolean shares = !ended;
    ended = true;
    gone = true;
    readiness.leave();
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing the connection failed", e);
    } finally {
      if (shares) {
        engine.release();
      }
    }
  }

  // What it has become does the rest

  @Override
  public int read(byte[] target, int offset, int length, long timeoutNanos, boolean peek)
      throws IOException {
    if (running == null && !peek && length > 0) {
      int count = readNow(target, offset, length);
      if (count != HAS_TO_WAIT) {
        return count;
      }
    }
    return started().read(target, offset, length, timeoutNanos, peek);
  }

  private int readNow(byte[] target, int offset, int length) throws IOException {
    lock.lock();
    try {
      if (running != null) {
        return HAS_TO_WAIT;
      }
      checkOpen();
      if (arrived.length > 0) {
        int count = Math.min(length, arrived.length);
        System.arraycopy(arrived, 0, target, offset, count);
        arrived = Arrays.copyOfRange(arrived, count, arrived.length);
        return count;
      }
      return receive(target, offset, Math.min(length, Scratch.SIZE));
    } finally {
      lock.unlock();
    }
  }

  /** With the lock held. */
  private int receive(byte[] target, int offset, int most) throws IOException {
    Scratch scratch = Scratch.take();
    try {
      int count = socket.recvAddress(scratch.address(), 0, most);
      if (count > 0) {
        scratch.buffer().get(0, target, offset, count);
      }
      return count;
    } catch (IOException e) {
      throw ChannelErrors.ofReading(e);
    } finally {
      scratch.give();
    }
  }

  @Override
  public boolean awaitReadable(long timeoutNanos) throws IOException {
    return started().awaitReadable(timeoutNanos);
  }

  @Override
  public int available() {
    try {
      return ended ? 0 : started().available();
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public int write(byte[] source, int offset, int length, long timeoutNanos) throws IOException {
    return write(source, offset, length, timeoutNanos, false);
  }

  @Override
  public int write(byte[] source, int offset, int length, long timeoutNanos, boolean more)
      throws IOException {
    if (running == null && length > 0) {
      int count = writeNow(source, offset, Math.min(length, Scratch.SIZE));
      if (count != HAS_TO_WAIT) {
        return count;
      }
    }
    return started().write(source, offset, length, timeoutNanos, more);
  }

  private int writeNow(byte[] source, int offset, int most) throws IOException {
    lock.lock();
    try {
      if (running != null) {
        return HAS_TO_WAIT;
      }
      checkOpen();
      Scratch scratch = Scratch.take();
      try {
        scratch.buffer().put(0, source, offset, most);
        return socket.sendAddress(scratch.address(), 0, most);
      } catch (IOException e) {
        throw ChannelErrors.ofWriting(e);
      } finally {
        scratch.give();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long transferFrom(FileChannel file, long position, long count, long timeoutNanos)
      throws IOException {
    return started().transferFrom(file, position, count, timeoutNanos);
  }

  @Override
  public void shutdownInput() throws IOException {
    started().shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    if (running != null || !shutdownNow()) {
      started().shutdownOutput();
    }
  }

  private boolean shutdownNow() throws IOException {
    lock.lock();
    try {
      if (running != null) {
        return false;
      }
      checkOpen();
      socket.shutdown(false, true);
      outputEnded = true;
      return true;
    } catch (NotYetConnectedException e) {
      throw new SocketException("transport endpoint is not connected");
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void startTls(SSLEngine tls, byte[] unread, long deadlineNanos) throws IOException {
    started().startTls(tls, unread, deadlineNanos);
  }
}
