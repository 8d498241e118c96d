package socketserver.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import socketserver.UnixAddress;
import socketserver.WouldBlockException;
import socketserver.spi.Endpoint;

/**
 * A Unix datagram socket. The event loop receives; sending is the system call on the caller's
 * thread, as no event tells when the queue of a receiver has room again.
 */
final class UnixDatagram extends NettyDatagram {
  /** More than the usual limit of a sender, net.core.wmem_default. */
  private static final int USUAL = 256 << 10;

  /** What a datagram may take of our memory, whatever a sender's buffer allows. */
  private static final int LONGEST = 16 << 20;

  private final Socket socket;
  private final UnixSystem system;

  /** Senders hold it to read; closing holds it to write, so that no descriptor goes meanwhile. */
  private final ReentrantReadWriteLock descriptor = new ReentrantReadWriteLock();

  /** Guarded by descriptor. */
  private boolean gone;

  private UnixDatagram(Engine engine, Socket socket, Channel channel, UnixSystem system) {
    super(engine, channel, USUAL, LONGEST);
    this.socket = socket;
    this.system = system;
    register();
  }

  static UnixDatagram open(Engine engine, UnixSystem system) {
    Socket socket = NativeSocket.unixDatagram();
    Channel channel = engine.mechanism().adoptUnixDatagram(socket.intValue());
    return new UnixDatagram(engine, socket, channel, system);
  }

  @Override
  SocketAddress sender(Object message) {
    return UnixNames.toApi(((DomainDatagramPacket) message).sender());
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    checkOpen();
    UnixAddress name = UnixNames.toApi(socket.localDomainSocketAddress());
    return name.isUnnamed() ? null : name;
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    checkOpen();
    system.bind((UnixAddress) address, name -> socket.bind(UnixNames.toBind(name)));
  }

  @Override
  public void send(byte[] data, int offset, int length, SocketAddress target, long timeoutNanos)
      throws IOException {
    UnixAddress address = (UnixAddress) target;
    if (address.isUnnamed()) {
      throw new SocketException("cannot send to an unnamed socket: it is bound to no address");
    }
    byte[] name = address.path().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    ByteBuf copy = channel().alloc().directBuffer(Math.max(length, 1));
    try {
      copy.writeBytes(data, offset, length);
      send(copy, name, address, timeoutNanos);
    } finally {
      copy.release();
    }
  }

  private void send(ByteBuf data, byte[] name, UnixAddress target, long timeoutNanos)
      throws IOException {
    int length = data.readableBytes();
    ByteBuffer bytes = data.internalNioBuffer(data.readerIndex(), length);
    long start = System.nanoTime();
    long pause = UnixSockets.firstPause();
    while (!trySend(bytes, name, target, length)) {
      if (timeoutNanos == 0) {
        throw new WouldBlockException("the queue of " + target + " is full");
      }
      if (timeoutNanos != Endpoint.FOREVER && System.nanoTime() - start >= timeoutNanos) {
        throw new SocketTimeoutException("timed out: the queue of " + target + " is full");
      }
      pause = UnixSockets.pause(pause, "waiting to send to " + target);
    }
  }

  private boolean trySend(ByteBuffer bytes, byte[] name, UnixAddress target, int length)
      throws IOException {
    descriptor.readLock().lock();
    try {
      if (gone) {
        throw closed();
      }
      int sent = socket.sendToDomainSocket(bytes, bytes.position(), bytes.limit(), name);
      // no byte is what an empty datagram has, too
      return sent > 0 || length == 0;
    } catch (ConnectException | java.net.PortUnreachableException e) {
      throw nobody(target, e);
    } catch (java.io.FileNotFoundException e) {
      SocketException error = new SocketException("cannot send to " + target + ": no such file");
      error.initCause(e);
      throw error;
    } catch (Errors.NativeIoException e) {
      if (String.valueOf(e.getMessage()).contains("refused")) {
        throw nobody(target, e);
      }
      throw refused(length, target, e);
    } finally {
      descriptor.readLock().unlock();
    }
  }

  private static ConnectException nobody(UnixAddress target, IOException cause) {
    ConnectException error =
        new ConnectException("cannot send to " + target + ": nobody has the socket open");
    error.initCause(cause);
    return error;
  }

  @Override
  public void close() {
    descriptor.writeLock().lock();
    try {
      gone = true;
    } finally {
      descriptor.writeLock().unlock();
    }
    super.close();
  }
}
