package socketserver.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
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

  /** Used by callers, so that nobody does when closing releases them. */
  private final SpareBuffer incoming = new SpareBuffer();

  private final SpareBuffer outgoing = new SpareBuffer();

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
        socket -> {
          ByteBuf buffer = outgoing.take(length);
          try {
            buffer.writeBytes(data, offset, length);
            return calls.send(socket, buffer.internalNioBuffer(0, length), target);
          } finally {
            outgoing.giveBack(buffer);
          }
        });
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
        socket -> {
          ByteBuf buffer = incoming.take(room);
          try {
            Datagram datagram = calls.receive(socket, buffer.internalNioBuffer(0, room));
            for (int left = looks - 1; left > 0 && datagram == null; left--) {
              Thread.yield();
              datagram = calls.receive(socket, buffer.internalNioBuffer(0, room));
            }
            return datagram;
          } finally {
            incoming.giveBack(buffer);
          }
        });
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
      incoming.release();
      outgoing.release();
      return first;
    } finally {
      descriptor.writeLock().unlock();
    }
  }
}
