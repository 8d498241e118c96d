package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import socketserver.PeerCredentials;
import socketserver.ReceivedFds;
import socketserver.UnixAddress;
import socketserver.spi.StreamEndpoint;
import socketserver.spi.UnixStreamEndpoint;

/**
 * A Unix connection: for the time being a descriptor that no event loop knows. What is done with it
 * first decides what it becomes: a {@link NettyStream}, or, for whom descriptors are to be
 * received, a connection that is not read ahead (a read without room for descriptors drops them).
 */
final class UnixStream implements UnixStreamEndpoint {
  private final Engine engine;
  private final Socket socket;
  private final UnixSystem system;
  private final UnixAddress local;
  private final UnixAddress peer;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by lock: the channel of an accepted connection; made when it starts for a client's. */
  private Channel channel;

  /** What it has become. Guarded by lock for writing. */
  private volatile StreamEndpoint running;

  /** Guarded by lock for writing. */
  private volatile boolean closed;

  /**
   * Makes a connection.
   *
   * @param engine the engine, of which this takes a share until it starts or is closed
   * @param socket the descriptor, which this owns
   * @param channel its channel, not registered, or null
   * @param system what Netty has not
   */
  UnixStream(Engine engine, Socket socket, Channel channel, UnixSystem system) {
    this.engine = engine.share();
    this.socket = socket;
    this.channel = channel;
    this.system = system;
    this.local = UnixNames.toApi(local(socket, channel));
    this.peer = UnixNames.toApi(remote(socket, channel));
  }

  /** The channel of an accepted connection has asked already. */
  private static DomainSocketAddress local(Socket socket, Channel channel) {
    return channel != null && channel.localAddress() instanceof DomainSocketAddress known
        ? known
        : socket.localDomainSocketAddress();
  }

  private static DomainSocketAddress remote(Socket socket, Channel channel) {
    return channel != null && channel.remoteAddress() instanceof DomainSocketAddress known
        ? known
        : socket.remoteDomainSocketAddress();
  }

  /** The connection at work, which begins now if it has not yet. */
  private StreamEndpoint started() throws IOException {
    StreamEndpoint already = running;
    return already != null ? already : start();
  }

  private StreamEndpoint start() throws IOException {
    lock.lock();
    try {
      if (running == null) {
        checkOpen();
        if (channel == null) {
          channel = engine.mechanism().adoptUnixStream(socket.intValue());
        }
        NettyStream stream = new NettyStream(engine, channel);
        engine.register(channel);
        running = stream;
        engine.release();
      }
      return running;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void withoutReadAhead() throws IOException {
    passing();
  }

  /** The connection as one that is not read ahead. */
  private UnixStreamEndpoint passing() throws IOException {
    lock.lock();
    try {
      if (running == null) {
        checkOpen();
        channel = null;
        try {
          running = DirectStream.of(engine, socket, system, peer);
        } finally {
          engine.release();
        }
      }
      if (running instanceof UnixStreamEndpoint unix) {
        return unix;
      }
    } finally {
      lock.unlock();
    }
    throw new IOException(
        "descriptors may have been lost: the connection is read ahead since it was first used;"
            + " call recvFds or withoutReadAhead before");
  }

  /** For {@link Pipelines}. */
  Channel channel() {
    try {
      if (started() instanceof NettyStream stream) {
        return stream.channel();
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

  // Descriptors and credentials

  @Override
  public PeerCredentials peerCredentials() throws IOException {
    return running instanceof UnixStreamEndpoint passing
        ? passing.peerCredentials()
        : ask(() -> UnixCredentials.of(socket));
  }

  @Override
  public int sendFds(byte[] data, FileDescriptor[] fds, long timeoutNanos) throws IOException {
    StreamEndpoint stream = started();
    if (stream instanceof NettyStream netty) {
      return netty.sendDirectly(
          () -> system.passing(socket.intValue()).send(data, fds), timeoutNanos);
    }
    return ((UnixStreamEndpoint) stream).sendFds(data, fds, timeoutNanos);
  }

  @Override
  public ReceivedFds recvFds(int size, int maxFds, long timeoutNanos) throws IOException {
    return passing().recvFds(size, maxFds, timeoutNanos);
  }

  // Addresses

  @Override
  public SocketAddress peer() {
    return peer;
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    // stays known, whatever has ended
    checkOpen();
    return peer;
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    checkOpen();
    return local;
  }

  // Options need no event loop

  /** A call to the system about the descriptor. */
  private interface Call<T> {
    T run() throws IOException;
  }

  /** Asks the system while the descriptor cannot be closed by this. */
  private <T> T ask(Call<T> call) throws IOException {
    lock.lock();
    try {
      checkOpen();
      return call.run();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void setOption(int level, int name, int value) throws IOException {
    StreamEndpoint stream = running;
    if (stream != null) {
      stream.setOption(level, name, value);
    } else {
      ask(
          () -> {
            new Options.Native(socket).set(level, name, value);
            return null;
          });
    }
  }

  @Override
  public void setOption(int level, int name, byte[] value) throws IOException {
    started().setOption(level, name, value);
  }

  @Override
  public int option(int level, int name) throws IOException {
    StreamEndpoint stream = running;
    return stream != null
        ? stream.option(level, name)
        : ask(() -> new Options.Native(socket).get(level, name));
  }

  @Override
  public byte[] option(int level, int name, int length) throws IOException {
    StreamEndpoint stream = running;
    return stream != null
        ? stream.option(level, name, length)
        : ask(() -> new Options.Native(socket).get(level, name, length));
  }

  @Override
  public int fileno() {
    StreamEndpoint stream = running;
    if (stream != null) {
      return stream.fileno();
    }
    return closed ? -1 : socket.intValue();
  }

  @Override
  public boolean isOpen() {
    StreamEndpoint stream = running;
    return stream == null ? !closed : stream.isOpen();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (running != null) {
        closed = true;
        running.close();
      } else if (!closed) {
        closed = true;
        try {
          socket.close();
        } catch (IOException e) {
          throw new UncheckedIOException("closing the connection failed", e);
        } finally {
          engine.release();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void settle() {
    engine.settle();
  }

  // What it has become does the rest

  @Override
  public int read(byte[] target, int offset, int length, long timeoutNanos, boolean peek)
      throws IOException {
    return started().read(target, offset, length, timeoutNanos, peek);
  }

  @Override
  public boolean awaitReadable(long timeoutNanos) throws IOException {
    return started().awaitReadable(timeoutNanos);
  }

  @Override
  public int available() {
    try {
      return closed ? 0 : started().available();
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public int write(byte[] source, int offset, int length, long timeoutNanos) throws IOException {
    return started().write(source, offset, length, timeoutNanos);
  }

  @Override
  public long transferFrom(FileChannel file, long position, long count, long timeoutNanos)
      throws IOException {
    return started().transferFrom(file, position, count, timeoutNanos);
  }

  @Override
  public void shutdownInput() throws IOException {
    shutdown(started()::shutdownInput);
  }

  @Override
  public void shutdownOutput() throws IOException {
    shutdown(started()::shutdownOutput);
  }

  /** What ends a direction. */
  private interface Shutdown {
    void run() throws IOException;
  }

  /** Unlike TCP, a Unix socket is connected, and can be shut down, when both sides have ended. */
  private void shutdown(Shutdown direction) throws IOException {
    try {
      direction.run();
    } catch (SocketException e) {
      if (!isOpen()) {
        throw e;
      }
    }
  }

  @Override
  public void startTls(SSLEngine tls, byte[] unread, long deadlineNanos) throws IOException {
    started().startTls(tls, unread, deadlineNanos);
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
  public int detach() throws IOException {
    return started().detach();
  }
}
