package socketserver.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import socketserver.ConnectionResetException;
import socketserver.WouldBlockException;
import socketserver.spi.Endpoint;
import socketserver.spi.StackSpace;

/**
 * What has arrived on a connection and was not read: the event loop adds, a blocking reader takes.
 *
 * <p>The event loop never waits here: it adds to a queue without a lock and wakes the one reader
 * that is parked. Readers exclude one another with a lock that the loop only ever tries. Above a
 * high-water mark the channel stops reading until the reader has caught up, and without room in the
 * {@link Budget} it reads when the reader has taken nearly all. What cannot be kept ends the
 * stream: readers have what came before, and then an error.
 *
 * <p><b>Close.</b> A reader that waits ends with an exception, and what nobody read is released: by
 * whoever closes, or, if a reader is at work, by the reader on its way out.
 */
final class Inbound {
  private static final int HIGH_WATER = 64 << 10;
  private static final int LOW_WATER = 16 << 10;

  /** Also a limit, as a buffer of one byte can cost as much as a buffer of a thousand. */
  private static final int MOST_BUFFERS = 256;

  /** Stands at the end of the queue for the end of the stream. */
  private static final Object END = new Object();

  record Failure(IOException cause) {}

  private final Channel channel;
  private final EventLoop loop;
  private final Watchers watchers;

  /** Buffers, then perhaps a failure, then END. The loop adds; the holder of reading takes. */
  private final Queue<Object> queue = new ConcurrentLinkedQueue<>();

  private final Budget budget = Budget.ofProcess();
  private final AtomicInteger bytes = new AtomicInteger();
  private final AtomicInteger buffers = new AtomicInteger();
  private final ReentrantLock reading = new ReentrantLock();

  /** The reader that is parked. Written by the holder of reading, read by the loop. */
  private volatile Thread waiter;

  /** Set by any thread, for good: the connection is closed on this side. */
  private volatile boolean closed;

  /** What nobody has read is not to be released, although this is closed: it will be taken. */
  private volatile boolean kept;

  /** Set by any thread, for good: the reading half is shut down on this side. */
  private volatile boolean ended;

  /** Written by the loop: the channel does not read. */
  private volatile boolean paused;

  /** Written by the loop: END is in the queue. */
  private volatile boolean finished;

  /** Written by the loop: the peer has reset the connection. */
  private volatile boolean reset;

  /** Written by the loop: there was no memory for what has arrived; readers get an error. */
  private volatile boolean lost;

  /** Written by the loop, before the end is: it is the end that the peer's TLS has announced. */
  private boolean announced;

  Inbound(Channel channel, EventLoop loop, Watchers watchers) {
    this.channel = channel;
    this.loop = loop;
    this.watchers = watchers;
  }

  // On the event loop

  /** Adds what has arrived; the buffer is this queue's from now on. */
  void add(ByteBuf buffer) {
    if (closed || ended || finished || lost || !buffer.isReadable()) {
      buffer.release();
      return;
    }
    int size = buffer.readableBytes();
    int held = hold(size);
    int count = buffers.incrementAndGet();
    ByteBuf kept = buffer;
    try {
      kept = compact(buffer);
      queue.add(kept);
    } catch (OutOfMemoryError e) {
      lost = true;
      hold(-size);
      kept.release();
      wake();
      throw e;
    }
    boolean room = budget.hasRoom(held);
    if ((held > HIGH_WATER || count > MOST_BUFFERS || !room) && !paused) {
      paused = true;
      channel.config().setAutoRead(false);
      wake();
      if (!room) {
        budget.report();
      }
      if (caughtUp()) {
        resume();
      }
    }
    if (closed) {
      discard();
    }
  }

  /**
   * Keeps a little in little memory: a buffer is as large as what was expected. Not if the reader
   * has caught up, unless it is much, since the buffer will not be kept for long.
   */
  private ByteBuf compact(ByteBuf buffer) {
    int wasted = buffer.capacity() - buffer.readableBytes();
    if (wasted <= (queue.isEmpty() ? Budget.SHARE : buffer.readableBytes())) {
      return buffer;
    }
    ByteBuf small = Unpooled.wrappedBuffer(ByteBufUtil.getBytes(buffer));
    buffer.release();
    return small;
  }

  /** Counts bytes, or fewer if that is negative; returns how many there are now. */
  private int hold(int change) {
    int now = bytes.addAndGet(change);
    budget.changed(now - change, now);
    return now;
  }

  /** Adds an error, which one read will throw. */
  void fail(IOException cause) {
    reset |= cause instanceof ConnectionResetException;
    if (closed || ended) {
      return;
    }
    if (!finished) {
      try {
        queue.add(new Failure(cause));
      } catch (OutOfMemoryError e) {
        lost = true;
      }
      end();
    }
  }

  /** Whether the peer has ended the stream or reset the connection. */
  boolean hasEnded() {
    return finished;
  }

  /** Whether a reset was among it. */
  boolean wasReset() {
    return reset;
  }

  /** Forgets a reset that was reported to a writer. On any thread. */
  void resetReported() {
    queue.removeIf(
        item ->
            item instanceof Failure failure && failure.cause instanceof ConnectionResetException);
  }

  /** The peer says that the end of a TLS stream, which follows, is the end. */
  void closeNotify() {
    announced = true;
  }

  /** Whether the stream has ended, and TLS has not announced it. On any thread. */
  boolean wasCut() {
    return finished && !announced && !ended;
  }

  /** Marks the end of the stream. */
  void end() {
    if (!finished) {
      finished = true;
      try {
        queue.add(END);
      } catch (OutOfMemoryError e) {
        lost = true;
      }
    }
    wake();
  }

  /** Wakes the reader, if one waits. */
  void wake() {
    Thread parked = waiter;
    if (parked != null) {
      LockSupport.unpark(parked);
    }
    watchers.changed();
  }

  /** Starts to read again after a pause. */
  private void resume() {
    // once the input has ended Netty would fail to ask for more, and close the channel; and one
    // that is closed may be another process's
    if (paused && !finished && !closed) {
      paused = false;
      channel.config().setAutoRead(true);
    }
  }

  // On any thread

  int available() {
    return closed ? 0 : bytes.get();
  }

  /** Whether a read would not wait. */
  boolean isReadable() {
    return !closed && (ended || lost || !queue.isEmpty());
  }

  /** Whether a read will find an error, once what came before it is read. */
  boolean hasUntoldError() {
    return finished && queue.stream().anyMatch(item -> item instanceof Failure);
  }

  /** Whether the reading half is shut down on this side. */
  boolean isShutdown() {
    return ended;
  }

  /** Ends the stream for readers, once they have read what is there. */
  void shutdown() {
    ended = true;
    wake();
  }

  /**
   * Closes, and takes what nobody has read, for another process to have it first. The channel has
   * stopped to read.
   */
  byte[] takeBytes() {
    kept = true;
    closed = true;
    wake();
    reading.lock();
    try {
      byte[] taken = new byte[bytes.get()];
      take(taken, 0, taken.length);
      kept = false;
      return taken;
    } finally {
      unlock();
    }
  }

  void close() {
    closed = true;
    wake();
    discard();
  }

  /** Takes bytes; see {@link socketserver.spi.StreamEndpoint#read}. */
  int read(byte[] target, int offset, int length, long timeoutNanos, boolean peek)
      throws IOException {
    long deadline = System.nanoTime() + timeoutNanos;
    lock(timeoutNanos);
    try {
      if (!await(timeoutNanos, deadline)) {
        throw timeoutNanos == 0
            ? new WouldBlockException("nothing to read")
            : new SocketTimeoutException("timed out");
      }
      Object head = queue.peek();
      if (head instanceof ByteBuf) {
        return peek ? copy(target, offset, length) : take(target, offset, length);
      }
      if (head instanceof Failure failure) {
        // told once, as the system does it, also to who only looks
        queue.poll();
        // filled in anew, so that the trace is the reader's
        failure.cause.fillInStackTrace();
        throw failure.cause;
      }
      if (head == null && lost) {
        throw new IOException("out of memory: what has arrived could not be kept");
      }
      return -1;
    } finally {
      unlock();
    }
  }

  /** Waits for something to read; see {@link socketserver.spi.StreamEndpoint#awaitReadable}. */
  boolean awaitReadable(long timeoutNanos) throws IOException {
    if (!queue.isEmpty() && !closed) {
      return true;
    }
    long deadline = System.nanoTime() + timeoutNanos;
    lock(timeoutNanos);
    try {
      return await(timeoutNanos, deadline);
    } finally {
      unlock();
    }
  }

  /** Takes every buffer out, for a handler that is to have them first. */
  List<ByteBuf> takeAll() {
    List<ByteBuf> taken = new ArrayList<>();
    reading.lock();
    try {
      while (queue.peek() instanceof ByteBuf buffer) {
        queue.poll();
        hold(-buffer.readableBytes());
        buffers.decrementAndGet();
        taken.add(buffer);
      }
    } finally {
      unlock();
    }
    askForMore();
    return taken;
  }

  /** Takes the end of the stream out again, if it has come: more may follow it. On the loop. */
  boolean takeEnd() {
    if (finished && queue.remove(END)) {
      finished = false;
      return true;
    }
    return false;
  }

  private int take(byte[] target, int offset, int length) {
    int taken = 0;
    while (taken < length && queue.peek() instanceof ByteBuf buffer) {
      int count = Math.min(length - taken, buffer.readableBytes());
      buffer.readBytes(target, offset + taken, count);
      taken += count;
      if (!buffer.isReadable()) {
        queue.poll();
        buffers.decrementAndGet();
        buffer.release();
      }
    }
    hold(-taken);
    askForMore();
    return taken;
  }

  private int copy(byte[] target, int offset, int length) {
    int copied = 0;
    for (Object item : queue) {
      if (copied == length || !(item instanceof ByteBuf buffer)) {
        break;
      }
      int count = Math.min(length - copied, buffer.readableBytes());
      buffer.getBytes(buffer.readerIndex(), target, offset + copied, count);
      copied += count;
    }
    return copied;
  }

  private boolean caughtUp() {
    int held = bytes.get();
    return held <= LOW_WATER && buffers.get() <= MOST_BUFFERS / 2 && budget.hasRoom(held);
  }

  private void askForMore() {
    if (paused && !closed && caughtUp() && channel.isOpen()) {
      loop.execute(this::resume);
    }
  }

  /** Waits with the lock held until there is an item or the stream was shut down. */
  private boolean await(long timeoutNanos, long deadline) throws IOException {
    if (closed) {
      throw NettyEndpoint.closed();
    }
    if (!queue.isEmpty() || ended || lost) {
      return true;
    }
    if (timeoutNanos == 0) {
      return false;
    }
    waiter = Thread.currentThread();
    try {
      while (queue.isEmpty() && !ended && !closed && !lost) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("interrupted while waiting to read");
        }
        if (timeoutNanos == Endpoint.FOREVER) {
          LockSupport.park(this);
          continue;
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          new LoopRound(loop).run();
          break;
        }
        LockSupport.parkNanos(this, left);
      }
    } finally {
      waiter = null;
    }
    if (closed) {
      throw NettyEndpoint.closed();
    }
    return !queue.isEmpty() || ended;
  }

  private void lock(long timeoutNanos) throws IOException {
    StackSpace.reserve();
    if (reading.tryLock()) {
      return;
    }
    try {
      if (timeoutNanos == Endpoint.FOREVER) {
        reading.lockInterruptibly();
      } else if (timeoutNanos == 0) {
        throw new WouldBlockException("another thread is reading");
      } else if (!reading.tryLock(timeoutNanos, TimeUnit.NANOSECONDS)) {
        throw new SocketTimeoutException("timed out: another thread is reading");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to read");
    }
  }

  private void unlock() {
    reading.unlock();
    if (closed) {
      discard();
    }
  }

  private void discard() {
    if (!kept && reading.tryLock()) {
      try {
        for (Object item = queue.poll(); item != null; item = queue.poll()) {
          if (item instanceof ByteBuf buffer) {
            buffer.release();
          }
        }
        budget.changed(bytes.getAndSet(0), 0);
        buffers.set(0);
      } finally {
        reading.unlock();
      }
    }
  }
}
