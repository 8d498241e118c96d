package socketserver.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import socketserver.Datagram;
import socketserver.WouldBlockException;
import socketserver.spi.Endpoint;

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

  /** As {@link socketserver.spi.DatagramEndpoint#send}. */
  void send(byte[] data, int offset, int length, SocketAddress target, long timeoutNanos)
      throws IOException {
    if (trySend(data, offset, length, target)) {
      return;
    }
    long start = System.nanoTime();
    long pause = UnixSockets.firstPause();
    do {
      if (timeoutNanos == 0) {
        throw new WouldBlockException("the queue of " + target + " is full");
      }
      if (timeoutNanos != Endpoint.FOREVER && System.nanoTime() - start >= timeoutNanos) {
        throw new SocketTimeoutException("timed out: the queue of " + target + " is full");
      }
      pause = UnixSockets.pause(pause, "waiting to send to " + target);
    } while (!trySend(data, offset, length, target));
  }

  private boolean trySend(byte[] data, int offset, int length, SocketAddress target)
      throws IOException {
    return call(
        socket ->
            with(
                length,
                buffer -> {
                  buffer.put(data, offset, length).flip();
                  return calls.send(socket, buffer, target);
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
