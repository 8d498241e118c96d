package socketserver.unix.fork;

import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.Socket;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.loop.Engine;
import socketserver.netty.loop.Mechanisms;

/**
 * One end of a Unix socket pair over which two processes send each other messages, with a
 * descriptor now and then, for {@code socketserver-unix}. The system calls block, so that the
 * system itself wakes the thread that reads: it must be a platform thread, and an interrupt does
 * not wake it, but {@link #shutdown} does.
 *
 * <p>One thread reads, and closes when it is done; any thread writes.
 */
public final class DescriptorChannel implements AutoCloseable {
  private static final int CHUNK = 64 << 10;

  /**
   * What the system keeps of a message that nobody reads, twice as long as the longest for which
   * {@link #takesAtOnce} answers yes: the system counts its own memory, too.
   */
  private static final int SEND_BUFFER = 2 * CHUNK;

  private static final long PAUSE = 200_000;

  private final Socket socket;
  private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(CHUNK);

  /** Held to write a whole message, and to close. */
  private final ReentrantLock writing = new ReentrantLock();

  /** Guarded by writing. */
  private boolean closed;

  /**
   * Takes over an end.
   *
   * @param fd its descriptor
   */
  public DescriptorChannel(int fd) {
    this.socket = new Socket(fd);
  }

  /**
   * Gives the system room for a message of which {@link #takesAtOnce} answers yes.
   *
   * @throws IOException if the system refuses
   */
  public void makeRoom() throws IOException {
    try {
      if (socket.getSendBufferSize() < SEND_BUFFER) {
        socket.setSendBufferSize(SEND_BUFFER);
      }
    } catch (IOException e) {
      throw ChannelErrors.of(e);
    }
  }

  /**
   * Tells whether a message fits into the system's buffer, so that sending it does not wait for the
   * other process if that has read what came before.
   *
   * @param length of the message, in bytes
   * @return true if it does
   */
  public static boolean takesAtOnce(int length) {
    return length <= CHUNK;
  }

  /**
   * Keeps the event loops for as long as this process lives: else a child, which has nothing else
   * open, would make and end them for each request.
   */
  public static void keepEventLoops() {
    Engine.acquire();
  }

  /**
   * Refuses where this process cannot have such channels.
   *
   * @param what what they are for, in the plural
   * @throws UnsupportedOperationException without epoll; the message says why, and what helps
   */
  public static void require(String what) {
    if (!Mechanisms.chosen().watchesDescriptors()) {
      throw new UnsupportedOperationException(Mechanisms.needEpoll(what));
    }
  }

  /**
   * Reads bytes, waiting for all of them.
   *
   * @param target filled with them
   * @throws EOFException if the other end is closed, or this one was shut down
   * @throws IOException if the system refuses
   */
  public void read(byte[] target) throws IOException {
    int done = 0;
    while (done < target.length) {
      int count = receive(Math.min(CHUNK, target.length - done));
      if (count < 0) {
        throw new EOFException("the other process has closed the channel");
      }
      if (count == 0) {
        // Netty made it non-blocking when it came, and the parent has yet to make it block
        LockSupport.parkNanos(PAUSE);
      }
      readBuffer.get(0, target, done, count);
      done += count;
    }
  }

  private int receive(int most) throws IOException {
    try {
      return socket.recv(readBuffer, 0, most);
    } catch (IOException | NotYetConnectedException e) {
      throw ChannelErrors.of(e);
    }
  }

  /**
   * Receives a descriptor, waiting for it, when the bytes before it have been read.
   *
   * @return the descriptor, made non-blocking, the caller's
   * @throws EOFException if the other end is closed, or this one was shut down
   * @throws IOException if the system refuses
   */
  public int receive() throws IOException {
    int fd;
    try {
      fd = socket.recvFd();
    } catch (IOException | NotYetConnectedException e) {
      throw ChannelErrors.of(e);
    }
    if (fd <= 0) {
      throw new EOFException("the other process has closed the channel");
    }
    return fd;
  }

  /**
   * Sends a message, waiting while the other end does not read.
   *
   * @param message its bytes
   * @param fd a descriptor to send after them, which stays the caller's, or -1
   * @throws IOException if either end is closed
   */
  public void send(byte[] message, int fd) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(Math.min(message.length, CHUNK));
    writing.lock();
    try {
      if (closed) {
        throw ChannelErrors.closed();
      }
      int done = 0;
      while (done < message.length) {
        int length = Math.min(message.length - done, CHUNK);
        buffer.put(0, message, done, length);
        done += socket.send(buffer, 0, length);
      }
      if (fd >= 0) {
        socket.sendFd(fd);
      }
    } catch (NativeIoException | NotYetConnectedException e) {
      throw ChannelErrors.of(e);
    } finally {
      writing.unlock();
    }
  }

  /** Lets who reads find the end when everything that has arrived is read, and who writes fail. */
  public void shutdown() {
    try {
      socket.shutdown(true, true);
    } catch (IOException | NotYetConnectedException e) {
      // it has ended
    }
  }

  /** Closes the descriptor; called by the thread that reads, or when there is none. */
  @Override
  public void close() {
    shutdown();
    writing.lock();
    try {
      if (!closed) {
        closed = true;
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "closing a channel between processes failed", ChannelErrors.of(e));
    } finally {
      writing.unlock();
    }
  }
}
