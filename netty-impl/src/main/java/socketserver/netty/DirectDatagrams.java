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
    ByteBuf copy = ByteBufAllocator.DEFAULT.directBuffer(Math.max(length, 1));
    try {
      copy.writeBytes(data, offset, length);
      ByteBuffer bytes = copy.internalNioBuffer(copy.readerIndex(), length);
      long start = System.nanoTime();
      long pause = UnixSockets.firstPause();
      while (!call(socket -> calls.send(socket, bytes, target))) {
        if (timeoutNanos == 0) {
          throw new WouldBlockException("the queue of " + target + " is full");
        }
        if (timeoutNanos != Endpoint.FOREVER && System.nanoTime() - start >= timeoutNanos) {
          throw new SocketTimeoutException("timed out: the queue of " + target + " is full");
        }
        pause = UnixSockets.pause(pause, "waiting to send to " + target);
      }
    } finally {
      copy.release();
    }
  }

  /** Receives what is there, one byte more than asked for if there is more; null if nothing is. */
  Datagram receive(int size) throws IOException {
    int room = Math.min(size, calls.longest()) + 1;
    ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(room);
    try {
      ByteBuffer bytes = buffer.internalNioBuffer(0, room);
      return call(socket -> calls.receive(socket, bytes));
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
