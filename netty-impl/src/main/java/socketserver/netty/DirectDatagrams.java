package socketserver.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import socketserver.Datagram;
import socketserver.Errno;
import socketserver.WouldBlockException;
import socketserver.spi.Endpoint;
import socketserver.spi.StackSpace;

/**
 * Sends and receives datagrams by system call on the caller's thread. No event tells when there is
 * room to send again: who waits asks again, less often.
 */
final class DirectDatagrams {
  private final Socket socket;
  private final DatagramCalls calls;

  /** Callers hold it to read; closing holds it to write, so that no descriptor goes meanwhile. */
  private final ReentrantReadWriteLock descriptor = new ReentrantReadWriteLock();

  /** Guarded by descriptor. */
  private boolean gone;

  DirectDatagrams(Socket socket, DatagramCalls calls) {
    this.socket = socket;
    this.calls = calls;
  }

  /** A call that does not wait. */
  interface Call<T> {
    T make(Socket socket) throws IOException;
  }

  /** Makes a call while the descriptor cannot be closed. */
  <T> T call(Call<T> call) throws IOException {
    StackSpace.reserve();
    descriptor.readLock().lock();
    try {
      if (gone) {
        throw NettyEndpoint.closed();
      }
      return call.make(socket);
    } finally {
      descriptor.readLock().unlock();
    }
  }

  /** As {@link socketserver.spi.DatagramEndpoint#send}; to the peer if the target is null. */
  void send(byte[] data, int offset, int length, SocketAddress target, long timeoutNanos)
      throws IOException {
    if (trySend(data, offset, length, target)) {
      return;
    }
    String full = "the queue of " + (target == null ? "the peer" : target) + " is full";
    long start = System.nanoTime();
    long pause = UnixSockets.firstPause();
    do {
      if (timeoutNanos == 0) {
        throw new WouldBlockException(full);
      }
      if (timeoutNanos != Endpoint.FOREVER && System.nanoTime() - start >= timeoutNanos) {
        throw new SocketTimeoutException("timed out: " + full);
      }
      pause = UnixSockets.pause(pause, "waiting to send: " + full);
    } while (!trySend(data, offset, length, target));
  }

  /** Sends to the peer, or, if there is one, to the target. */
  private boolean sendNow(Socket socket, ByteBuffer buffer, SocketAddress target)
      throws IOException {
    return target == null ? DatagramCalls.send(socket, buffer) : calls.send(socket, buffer, target);
  }

  void connect(SocketAddress target) throws IOException {
    call(
        socket -> {
          calls.connect(socket, target);
          return null;
        });
  }

  SocketAddress remoteAddress() throws IOException {
    SocketAddress peer = call(calls::remoteAddress);
    if (peer == null) {
      throw new SocketException(Errno.strerror(Errno.ENOTCONN));
    }
    return peer;
  }

  private boolean trySend(byte[] data, int offset, int length, SocketAddress target)
      throws IOException {
    return call(
        socket ->
            with(
                length,
                buffer -> {
                  buffer.put(data, offset, length).flip();
                  return sendNow(socket, buffer, target);
                }));
  }

  /**
   * Receives what is there, one byte more than asked for if there is more.
   *
   * @param looks how often to look for something; between looks others may run
   * @return null if nothing is there
   */
  Datagram receive(int size, int looks) throws IOException {
    int room = Math.min(size, calls.longest()) + 1;
    return call(
        socket ->
            with(
                room,
                buffer -> {
                  Datagram datagram = calls.receive(socket, buffer);
                  for (int left = looks - 1; left > 0 && datagram == null; left--) {
                    Thread.yield();
                    datagram = calls.receive(socket, buffer);
                  }
                  return datagram;
                }));
  }

  /** What is done with memory outside the heap. */
  private interface Use<T> {
    T of(ByteBuffer buffer) throws IOException;
  }

  /** Lends a buffer that ends after so many bytes. */
  private static <T> T with(int room, Use<T> use) throws IOException {
    if (room <= Scratch.SIZE) {
      Scratch scratch = Scratch.take();
      try {
        return use.of(scratch.buffer().clear().limit(room));
      } finally {
        scratch.buffer().clear();
        scratch.give();
      }
    }
    ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(room);
    try {
      return use.of(buffer.internalNioBuffer(0, room));
    } finally {
      buffer.release();
    }
  }

  SocketAddress localAddress() throws IOException {
    return call(calls::localAddress);
  }

  /** Ends the calls: waits for those at work, and refuses later ones. False if it has ended. */
  boolean close() {
    StackSpace.reserveMuch();
    descriptor.writeLock().lock();
    try {
      boolean first = !gone;
      gone = true;
      return first;
    } finally {
      descriptor.writeLock().unlock();
    }
  }
}
