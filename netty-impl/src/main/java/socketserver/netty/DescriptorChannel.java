package socketserver.netty;

import io.netty.channel.unix.Socket;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import socketserver.spi.Endpoint;

/**
 * One end of a Unix socket pair over which two processes send each other messages, with a
 * descriptor now and then, for {@code socketserver-unix}. Threads block; an event loop's epoll
 * tells them when to go on.
 *
 * <p>One thread reads at a time, any thread writes; a message of one is not mixed with another's.
 */
public final class DescriptorChannel implements AutoCloseable {
  private static final int CHUNK = 64 << 10;

  private final Engine engine;
  private final Socket socket;
  private final Readiness readiness;

  /** Held to write a whole message. */
  private final ReentrantLock writing = new ReentrantLock();

  /** Held for each system call, and to close: no call meets a number that is another file's. */
  private final ReentrantLock descriptor = new ReentrantLock();

  /** Guarded by descriptor. */
  private boolean closed;

  private DescriptorChannel(Engine engine, int fd) throws IOException {
    this.engine = engine;
    this.socket = new Socket(fd);
    this.readiness = new Readiness(engine, socket);
  }

  /**
   * Tells whether the event loops of this process can take such a channel.
   *
   * @return true with epoll
   */
  public static boolean isSupported() {
    return Mechanisms.chosen().adoptsUnixSockets();
  }

  /**
   * Takes over an end.
   *
   * @param fd its descriptor, non-blocking, which this owns from now on, also when it fails
   * @return the channel
   * @throws IOException if no event loop takes it
   */
  public static DescriptorChannel adopt(int fd) throws IOException {
    Engine engine = Engine.acquire();
    try {
      return new DescriptorChannel(engine, fd);
    } catch (Throwable e) {
      new Socket(fd).close();
      engine.release();
      throw e;
    }
  }

  /**
   * Waits for a descriptor on a socket that still blocks: the first step of a child.
   *
   * @param fd the socket, which stays the caller's
   * @return the descriptor that was received, non-blocking
   * @throws IOException if none came
   */
  public static int receive(int fd) throws IOException {
    if (!isSupported()) {
      throw new IOException("descriptors need epoll");
    }
    int received = new Socket(fd).recvFd();
    if (received <= 0) {
      throw new EOFException("no descriptor came");
    }
    return received;
  }

  /** A call that does not wait; 0 if there is nothing to do for now. */
  private interface Call {
    int make() throws IOException;
  }

  private int make(Call call) throws IOException {
    descriptor.lock();
    try {
      if (closed) {
        throw NettyEndpoint.closed();
      }
      return call.make();
    } finally {
      descriptor.unlock();
    }
  }

  private int repeat(int event, Call call) throws IOException {
    while (true) {
      int result = make(call);
      if (result < 0) {
        throw new EOFException("the other end is closed");
      }
      if (result > 0) {
        return result;
      }
      readiness.await(event, Endpoint.FOREVER);
    }
  }

  /**
   * Reads bytes, waiting for all of them.
   *
   * @param target filled with them
   * @throws EOFException if the other end is closed
   * @throws IOException if this end is, or the thread is interrupted
   */
  public void read(byte[] target) throws IOException {
    int done = 0;
    ByteBuffer buffer = ByteBuffer.allocateDirect(Math.min(target.length, CHUNK));
    while (done < target.length) {
      int most = Math.min(buffer.capacity(), target.length - done);
      int count = repeat(Readiness.READ, () -> socket.recv(buffer, 0, most));
      buffer.get(0, target, done, count);
      done += count;
    }
  }

  /**
   * Receives a descriptor, waiting for it, when the bytes before it have been read.
   *
   * @return the descriptor, non-blocking, the caller's
   * @throws EOFException if the other end is closed
   * @throws IOException if this end is, or the thread is interrupted
   */
  public int receive() throws IOException {
    return repeat(Readiness.READ, socket::recvFd);
  }

  /**
   * Sends a message, waiting while the other end does not read.
   *
   * @param message its bytes
   * @param fd a descriptor to send after them, which stays the caller's, or -1
   * @throws IOException if either end is closed, or the thread is interrupted
   */
  public void send(byte[] message, int fd) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(message.length).put(message);
    writing.lock();
    try {
      int done = 0;
      while (done < message.length) {
        int from = done;
        done += repeat(Readiness.WRITE, () -> socket.send(buffer, from, message.length));
      }
      if (fd >= 0) {
        repeat(Readiness.WRITE, () -> sendDescriptor(fd));
      }
    } finally {
      writing.unlock();
    }
  }

  /** Netty's answer to a full socket is a negative number here. */
  private int sendDescriptor(int fd) throws IOException {
    return socket.sendFd(fd) < 0 ? 0 : 1;
  }

  /** Lets who reads find the end when everything that has arrived is read. */
  public void endInput() {
    descriptor.lock();
    try {
      if (!closed) {
        socket.shutdown(true, false);
      }
    } catch (IOException e) {
      // it has ended
    } finally {
      descriptor.unlock();
    }
    readiness.nudge();
  }

  /** Ends whoever waits, and closes the descriptor. */
  @Override
  public void close() {
    descriptor.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      descriptor.unlock();
    }
    readiness.close();
    try {
      socket.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("closing a channel between processes failed", e);
    } finally {
      engine.release();
    }
  }
}
