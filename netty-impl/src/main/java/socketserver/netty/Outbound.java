package socketserver.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import socketserver.BrokenPipeException;
import socketserver.ConnectionResetException;
import socketserver.WouldBlockException;
import socketserver.spi.Endpoint;

/**
 * What was written to a connection and is not yet with the system: blocking writers add, the event
 * loop drains.
 *
 * <p>The first write asks the loop to drain; those that follow before the loop's next turn join it,
 * so that many small writes become one system call. A writer waits while more than the high-water
 * mark is under way, which is when the peer does not read.
 *
 * <p><b>Close and shutdown</b> come after all that was written: the loop does them when nothing is
 * under way any more. A peer that never reads cannot hold a closed connection for longer than the
 * linger time.
 */
final class Outbound {
  private static final int HIGH_WATER = 128 << 10;
  private static final int LOW_WATER = 64 << 10;
  private static final int SMALLEST_BUFFER = 512;
  private static final int LINGER_SECONDS = 30;

  private final Channel channel;
  private final ReentrantLock lock = new ReentrantLock();

  /** Signalled when there is room again, when all is sent, and when writing fails. */
  private final Condition changed = lock.newCondition();

  /** Guarded by lock: what the next drain will write; null when there is nothing. */
  private ByteBuf gathering;

  /** Guarded by lock: bytes taken from writers that the system does not have yet. */
  private long pending;

  /** Guarded by lock: a drain is on its way to the loop. */
  private boolean scheduled;

  /** Guarded by lock: writers that wait on changed. */
  private int waiting;

  /** Guarded by lock: why nothing can be written any more; null while it can. */
  private IOException failure;

  /** Guarded by lock: shutdown was called. */
  private boolean shutdown;

  /** Guarded by lock: close was called. */
  private boolean closed;

  /** Written by any thread, read by the loop. */
  private volatile boolean lingerSet;

  /** Only the loop uses it: the writing half was shut down on the channel. */
  private boolean shutdownDone;

  Outbound(Channel channel) {
    this.channel = channel;
  }

  /** Takes bytes; see {@link socketserver.spi.StreamEndpoint#write}. */
  int write(byte[] source, int offset, int length, long timeoutNanos) throws IOException {
    int taken;
    boolean schedule;
    lock.lock();
    try {
      if (length > 0) {
        awaitRoom(timeoutNanos);
      } else {
        checkWritable();
        return 0;
      }
      // a write is not cut in two for the sake of the mark, so that those of several threads do not
      // mix
      taken = (int) Math.min(length, Math.max(HIGH_WATER - pending, LOW_WATER));
      if (gathering == null) {
        gathering = channel.alloc().directBuffer(Math.max(taken, SMALLEST_BUFFER));
      }
      gathering.writeBytes(source, offset, taken);
      pending += taken;
      schedule = schedule();
    } finally {
      lock.unlock();
    }
    if (schedule) {
      onLoop(this::drain);
    }
    return taken;
  }

  /** Ends the stream after what was written. */
  void shutdown() {
    lock.lock();
    try {
      shutdown = true;
      if (failure == null) {
        failure = new BrokenPipeException("broken pipe: the writing half is shut down");
      }
    } finally {
      lock.unlock();
    }
    finishAfterDrain();
  }

  /** Closes the channel after what was written. */
  void close() {
    lock.lock();
    try {
      closed = true;
      failure = NettyEndpoint.closed();
    } finally {
      lock.unlock();
    }
    finishAfterDrain();
  }

  private void finishAfterDrain() {
    boolean schedule;
    lock.lock();
    try {
      changed.signalAll();
      schedule = schedule();
    } finally {
      lock.unlock();
    }
    if (schedule) {
      onLoop(this::drain);
    }
  }

  /** Notes that nothing can be written any more. On the event loop. */
  void fail(IOException cause) {
    lock.lock();
    try {
      if (failure == null) {
        failure = cause;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The channel is gone: forgets what is under way. On the event loop. */
  void channelClosed() {
    lock.lock();
    try {
      if (gathering != null) {
        gathering.release();
        gathering = null;
      }
      pending = 0;
      if (failure == null) {
        failure = new BrokenPipeException("broken pipe: the connection is closed");
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all that was written is with the system, or never will be. */
  boolean awaitSent(long deadline) throws InterruptedException {
    lock.lock();
    try {
      waiting++;
      while (pending > 0) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        changed.awaitNanos(left);
      }
      return true;
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  /** Waits until all that was written is with the system. */
  void drainAndAwait() throws IOException {
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LINGER_SECONDS);
      if (!awaitSent(deadline)) {
        throw new SocketTimeoutException("the peer does not read what was written");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to write");
    }
  }

  /** Writes what has gathered, and does what was to come after it. On the event loop. */
  void drain() {
    ByteBuf buffer;
    boolean idle;
    lock.lock();
    try {
      scheduled = false;
      buffer = gathering;
      gathering = null;
      idle = pending == 0;
    } finally {
      lock.unlock();
    }
    if (buffer != null) {
      int length = buffer.readableBytes();
      channel.writeAndFlush(buffer).addListener(future -> written(length, future.cause()));
    } else if (idle) {
      finish();
    }
    lingerIfClosed();
  }

  private void written(int length, Throwable cause) {
    boolean idle;
    lock.lock();
    try {
      pending = Math.max(pending - length, 0);
      if (cause != null && failure == null) {
        failure = ChannelErrors.ofWriting(cause);
      }
      idle = pending == 0;
      if (waiting > 0 && (pending <= LOW_WATER || cause != null)) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    if (idle) {
      finish();
    }
  }

  /** Does what was to come after the last byte. On the event loop. */
  private void finish() {
    boolean endNow;
    boolean closeNow;
    lock.lock();
    try {
      closeNow = closed && pending == 0;
      endNow = shutdown && pending == 0 && !shutdownDone;
    } finally {
      lock.unlock();
    }
    if (endNow) {
      shutdownDone = true;
      endStream();
    }
    if (closeNow) {
      closeChannel();
    }
  }

  /**
   * With a linger time the system's close waits, for which Netty starts a thread of its own. All
   * has been handed to the system here, so there is no need to wait; a time of zero, which means a
   * reset, stays.
   */
  private void closeChannel() {
    if (lingerSet && channel.isOpen()) {
      Integer seconds = channel.config().getOption(ChannelOption.SO_LINGER);
      if (seconds != null && seconds > 0) {
        channel.config().setOption(ChannelOption.SO_LINGER, -1);
      }
    }
    channel.close();
  }

  /** Notes that the program has set SO_LINGER. On any thread. */
  void lingerWasSet() {
    lingerSet = true;
  }

  private void endStream() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) {
      // close_notify, and then the end of the TCP stream
      tls.closeOutbound().addListener(future -> shutdownChannel());
    } else {
      shutdownChannel();
    }
  }

  private ChannelFuture shutdownChannel() {
    return ((DuplexChannel) channel).shutdownOutput();
  }

  private void lingerIfClosed() {
    boolean linger;
    lock.lock();
    try {
      linger = closed && pending > 0;
    } finally {
      lock.unlock();
    }
    if (linger) {
      Runnable giveUp = this::closeChannel;
      var timer = channel.eventLoop().schedule(giveUp, LINGER_SECONDS, TimeUnit.SECONDS);
      channel.closeFuture().addListener(future -> timer.cancel(false));
    }
  }

  private void onLoop(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException e) {
      // the channel is closed, and its loop has ended with the last of its channels
      channelClosed();
    }
  }

  private boolean schedule() {
    boolean first = !scheduled;
    scheduled = true;
    return first;
  }

  private void awaitRoom(long timeoutNanos) throws IOException {
    if (failure == null && pending < HIGH_WATER) {
      return;
    }
    long left = timeoutNanos;
    waiting++;
    try {
      while (failure == null && pending >= HIGH_WATER) {
        if (timeoutNanos == 0) {
          throw new WouldBlockException("no room to write");
        }
        if (timeoutNanos == Endpoint.FOREVER) {
          changed.await();
        } else if (left <= 0) {
          throw new SocketTimeoutException("timed out");
        } else {
          left = changed.awaitNanos(left);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to write");
    } finally {
      waiting--;
    }
    checkWritable();
  }

  private void checkWritable() throws IOException {
    if (failure != null) {
      IOException error = ChannelErrors.again(failure);
      resetReported();
      throw error;
    }
  }

  /** A reset is reported once, by reading or writing; from then on the pipe is broken. */
  void resetReported() {
    lock.lock();
    try {
      if (failure instanceof ConnectionResetException) {
        failure = new BrokenPipeException("broken pipe: the connection was reset");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether all that was written is with the system. */
  boolean isIdle() {
    lock.lock();
    try {
      return pending == 0;
    } finally {
      lock.unlock();
    }
  }

  boolean isShutdown() {
    lock.lock();
    try {
      return shutdown;
    } finally {
      lock.unlock();
    }
  }
}
