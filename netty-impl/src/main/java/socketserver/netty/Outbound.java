package socketserver.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.NotYetConnectedException;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import socketserver.BrokenPipeException;
import socketserver.ConnectionResetException;
import socketserver.WouldBlockException;
import socketserver.spi.Endpoint;

/**
 * What was written to a connection and is not yet with the system: blocking writers add, the event
 * loop drains.
 *
 * <p>A write to which no other belongs goes out on the writer's own thread, if nothing is under way
 * and nobody but this library has a hand in the pipeline: the event loop has no part in it. Else
 * the first write asks the loop to drain, and those that follow before the loop's next turn join
 * it, so that many small writes become one system call. Others belong to a write if the handler has
 * not yet read all that has arrived, or if it wrote more than once for what it read before. A
 * writer waits while more than the high-water mark is under way, which is when the peer does not
 * read; without room in the {@link Budget}, while more than a share is.
 *
 * <p>Whoever holds the lock waits for nothing, so that the loop need not either ({@link LoopLock}).
 * While a writer uses the descriptor it holds the lock. The loop closes the descriptor only when it
 * has told this so (by {@link #fail}, {@link #close} or {@link #loopOnly}), for which it takes the
 * lock.
 *
 * <p><b>A stream has no hole.</b> After bytes that could not be sent, for want of memory for
 * instance, none is sent any more: the connection is reset, and the next call throws.
 *
 * <p><b>Close and shutdown</b> come after all that was written: the loop does them when nothing is
 * under way any more. A peer that never reads cannot hold a closed connection for longer than the
 * linger time.
 */
final class Outbound {
  private static final byte[] NOTHING = {};
  private static final int HIGH_WATER = 128 << 10;
  private static final int LOW_WATER = 64 << 10;
  private static final int SMALLEST_BUFFER = 512;
  private static final int LINGER_SECONDS = 30;

  /** How long a writer keeps the lock, of which the loop may have need. */
  private static final int MOST_AT_ONCE = 256 << 10;

  /** From here on a system call of its own costs less than to copy for a common one. */
  private static final int LARGE = 16 << 10;

  private final Channel channel;
  private final EventLoop loop;
  private final Watchers watchers;
  private final ReentrantLock lock = new ReentrantLock();

  /** Signalled when there is room again, when all is sent, and when writing fails. */
  private final Condition changed = lock.newCondition();

  /** Guarded by lock: what writers may send with themselves; null if only the loop may. */
  private Socket direct;

  /** Guarded by lock: something that is not counted here goes through the channel. */
  private boolean passing;

  /** Written by readers: how often something was read. */
  private volatile int reads;

  /** Guarded by lock: reads, when something was last written. */
  private int answeredReads;

  /** Guarded by lock: the writes, since the handler read, that did not announce another. */
  private int finalWrites;

  /** Guarded by lock: for what it read before the handler wrote more than once. */
  private boolean talkative;

  /**
   * Guarded by lock: what the next drain will write. Memory of the heap, as Netty's may have to be
   * waited for.
   */
  private byte[] gathering = NOTHING;

  /** Guarded by lock: how much of it there is. */
  private int gathered;

  /** Guarded by lock: bytes taken from writers that the system does not have yet. */
  private long pending;

  private final Budget budget = Budget.ofProcess();

  /** Guarded by lock: bytes that were taken could not be sent, and no others may be. */
  private boolean torn;

  /** Guarded by lock: a drain is on its way to the loop. */
  private boolean scheduled;

  /** Guarded by lock: writers that wait on changed. */
  private int waiting;

  /** Guarded by lock: makes the error that says why nothing can be written any more, or null. */
  private Supplier<IOException> failure;

  /** Guarded by lock: the failure is a reset, of which nobody has been told. */
  private boolean resetUntold;

  /** Guarded by lock: shutdown was called. */
  private boolean shutdown;

  /** Guarded by lock: close was called. */
  private boolean closed;

  /** Written by any thread, read by the loop. */
  private volatile boolean lingerSet;

  /** Only the loop uses it: the peer has ended the stream. */
  private boolean inputEnded;

  /** Set before the loop knows the channel: closing the descriptor ends the stream. */
  private boolean alone;

  /** Guarded by lock: the writing half was shut down, or will be in this turn of the loop. */
  private boolean shutdownDone;

  Outbound(Channel channel, EventLoop loop, Watchers watchers) {
    this.channel = channel;
    this.loop = loop;
    this.watchers = watchers;
  }

  /** Whether a write would not wait: it is taken, or fails. */
  boolean mayWrite() {
    LoopLock.lock(lock);
    try {
      return failure != null || hasRoom();
    } finally {
      lock.unlock();
    }
  }

  /** No other process has the descriptor. Before the loop knows the channel. */
  void isAlone() {
    alone = true;
  }

  /** The peer has ended the stream, and all of it has been read. On the event loop. */
  void inputEnded() {
    inputEnded = true;
    // the channel may close at once
    loopOnly();
  }

  /** Lets writers send on their own threads from now on. Before the loop knows the channel. */
  void sendDirectly(Socket socket) {
    direct = socket;
  }

  /** From now on only the loop sends: others have a hand in the pipeline, or it may close soon. */
  void loopOnly() {
    LoopLock.lock(lock);
    try {
      direct = null;
    } finally {
      lock.unlock();
    }
  }

  /** The handler has read something: what it writes now is for that. By one reader at a time. */
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // only a hint
  void answersNext() {
    reads = reads + 1;
  }

  /**
   * Takes bytes; see {@link socketserver.spi.StreamEndpoint#write}.
   *
   * @param more whether another write is likely to follow at once
   */
  int write(byte[] source, int offset, int length, long timeoutNanos, boolean more)
      throws IOException {
    int taken = 0;
    boolean schedule;
    lock.lock();
    try {
      if (length > 0) {
        awaitRoom(timeoutNanos);
      } else {
        checkWritable();
        return 0;
      }
      noteWrite(more);
      if (!more && mayGoDirectly() && (!talkative || length >= LARGE)) {
        taken = send(source, offset, length);
        if (taken == length) {
          return taken;
        }
      }
      // a write is not cut in two for the sake of the mark, so that those of several threads do not
      // mix
      long most =
          budget.hasRoom(Budget.SHARE) ? Math.max(HIGH_WATER - pending, LOW_WATER) : Budget.SHARE;
      int rest = (int) Math.min(length - taken, most);
      gather(source, offset + taken, rest);
      taken += rest;
      schedule = schedule();
    } finally {
      lock.unlock();
    }
    if (schedule) {
      onLoop(this::drain);
    }
    return taken;
  }

  /** Learns how a handler answers. With the lock held. */
  private void noteWrite(boolean more) {
    int now = reads;
    if (now != answeredReads) {
      answeredReads = now;
      talkative = finalWrites > 1;
      finalWrites = 0;
    }
    finalWrites += more ? 0 : 1;
  }

  /** With the lock held. */
  private void gather(byte[] source, int offset, int length) {
    int count = gathered + length;
    if (gathering.length < count) {
      int room = Math.max(Math.max(count, 2 * gathering.length), SMALLEST_BUFFER);
      gathering = Arrays.copyOf(gathering, room);
    }
    System.arraycopy(source, offset, gathering, gathered, length);
    gathered = count;
    pending(pending + length);
  }

  /** Sets how much is under way. With the lock held. */
  private void pending(long now) {
    budget.changed(pending, now);
    pending = now;
  }

  /** With the lock held. */
  private boolean hasRoom() {
    return pending < HIGH_WATER && budget.hasRoom(pending);
  }

  /** Sends on this thread, without waiting; returns how much. With the lock held. */
  private int send(byte[] source, int offset, int length) throws IOException {
    Scratch scratch = Scratch.take();
    try {
      int sent = 0;
      int piece;
      int went;
      do {
        piece = Math.min(length - sent, Scratch.SIZE);
        scratch.buffer().put(0, source, offset + sent, piece);
        went = direct.sendAddress(scratch.address(), 0, piece);
        sent += went;
      } while (went == piece && sent < length && sent < MOST_AT_ONCE);
      return sent;
    } catch (IOException e) {
      failedWith(ChannelErrors.ofWriting(e));
      checkWritable();
      throw e;
    } finally {
      scratch.give();
    }
  }

  /** Ends the stream after what was written. */
  void shutdown() {
    lock.lock();
    try {
      shutdown = true;
      if (failure == null) {
        failure = () -> new BrokenPipeException("broken pipe: the writing half is shut down");
      }
      if (endedNow()) {
        changed.signalAll();
        watchers.changed();
        return;
      }
    } finally {
      lock.unlock();
    }
    finishAfterDrain();
  }

  /** Whether nothing is before what this thread would send. With the lock held. */
  private boolean mayGoDirectly() {
    return direct != null && pending == 0 && !passing;
  }

  /** Ends the stream on this thread, if nothing is under way. With the lock held. */
  private boolean endedNow() {
    if (!mayGoDirectly() || shutdownDone) {
      return false;
    }
    shutdownDone = true;
    try {
      direct.shutdown(false, true);
    } catch (IOException | NotYetConnectedException e) {
      // lost before its end, which the loop will notice
    }
    return true;
  }

  /** Closes the channel after what was written. */
  void close() {
    lock.lock();
    try {
      closed = true;
      direct = null;
      resetUntold = false;
      failure = NettyEndpoint::closed;
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
    watchers.changed();
    if (schedule) {
      onLoop(this::drain);
    }
  }

  /** Notes that nothing can be written any more. On the event loop. */
  void fail(IOException cause) {
    LoopLock.lock(lock);
    try {
      direct = null;
      if (failure == null) {
        failedWith(cause);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    watchers.changed();
  }

  /** The channel is gone: forgets what is under way. On the event loop. */
  void channelClosed() {
    LoopLock.lock(lock);
    try {
      gathering = NOTHING;
      gathered = 0;
      pending(0);
      direct = null;
      if (failure == null) {
        failure = () -> new BrokenPipeException("broken pipe: the connection is closed");
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    watchers.changed();
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

  /** Something goes through the channel past this, or has gone: no writer may get before it. */
  void passing(boolean begins) {
    LoopLock.lock(lock);
    try {
      passing = begins;
    } finally {
      lock.unlock();
    }
  }

  /** Writes what has gathered, and does what was to come after it. On the event loop. */
  void drain() {
    byte[] bytes;
    int length;
    boolean idle;
    LoopLock.lock(lock);
    try {
      scheduled = false;
      bytes = gathering;
      length = torn ? 0 : gathered;
      pending(pending - (gathered - length));
      gathering = NOTHING;
      gathered = 0;
      idle = pending == 0;
    } finally {
      lock.unlock();
    }
    if (length > 0) {
      send(bytes, length);
    } else if (idle) {
      finish();
    }
    lingerIfClosed();
  }

  /** Gives bytes to the channel. On the event loop. */
  private void send(byte[] bytes, int length) {
    try {
      channel
          .writeAndFlush(buffer(bytes, length))
          .addListener(future -> written(length, future.cause()));
    } catch (Throwable e) {
      written(length, e);
    }
  }

  /** Java's TLS takes the heap's memory as it is; the system needs other. */
  private ByteBuf buffer(byte[] bytes, int length) {
    return tls() != null
        ? Unpooled.wrappedBuffer(bytes, 0, length)
        : channel.alloc().directBuffer(length).writeBytes(bytes, 0, length);
  }

  private void written(int length, Throwable cause) {
    boolean idle;
    LoopLock.lock(lock);
    try {
      pending(Math.max(pending - length, 0));
      torn |= cause != null;
      if (cause != null && failure == null) {
        failedWith(ChannelErrors.ofWriting(cause));
      }
      idle = pending == 0;
      if (waiting > 0 && (pending <= LOW_WATER || cause != null)) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    if (cause != null && !(cause instanceof IOException)) {
      reset(cause);
    }
    if (idle) {
      finish();
    }
    watchers.changed();
  }

  /**
   * Ends a connection that works, but cannot have the rest of what was written: by a reset, past
   * TLS, so that the peer does not take what it has for all. On the event loop.
   */
  private void reset(Throwable cause) {
    try {
      channel.pipeline().fireExceptionCaught(cause);
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    } finally {
      channel.unsafe().close(channel.voidPromise());
    }
  }

  /** Does what was to come after the last byte. On the event loop. */
  private void finish() {
    boolean endNow;
    boolean closeNow;
    LoopLock.lock(lock);
    try {
      closeNow = closed && pending == 0;
      endNow = shutdown && pending == 0 && !shutdownDone;
      shutdownDone |= endNow;
    } finally {
      lock.unlock();
    }
    // with nothing left to read a close is no reset: it ends the stream like a shutdown
    boolean closeIsEnd = closeNow && alone && inputEnded && tls() == null;
    if (endNow && !closeIsEnd) {
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
    SslHandler tls = tls();
    if (tls != null) {
      // close_notify, and then the end of the TCP stream
      tls.closeOutbound().addListener(future -> shutdownChannel());
    } else {
      shutdownChannel();
    }
  }

  private SslHandler tls() {
    return channel.pipeline().get(SslHandler.class);
  }

  private ChannelFuture shutdownChannel() {
    return ((DuplexChannel) channel).shutdownOutput();
  }

  private void lingerIfClosed() {
    boolean linger;
    LoopLock.lock(lock);
    try {
      linger = closed && pending > 0;
    } finally {
      lock.unlock();
    }
    if (linger) {
      Runnable giveUp = this::closeChannel;
      var timer = loop.schedule(giveUp, LINGER_SECONDS, TimeUnit.SECONDS);
      channel.closeFuture().addListener(future -> timer.cancel(false));
    }
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
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
    if (failure == null && hasRoom()) {
      return;
    }
    long left = timeoutNanos;
    waiting++;
    try {
      if (failure == null && timeoutNanos != 0 && pending < HIGH_WATER) {
        onLoop(budget::report);
      }
      while (failure == null && !hasRoom()) {
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

  /** With the lock held. */
  private void failedWith(IOException cause) {
    direct = null;
    failure = () -> ChannelErrors.again(cause);
    resetUntold = cause instanceof ConnectionResetException;
  }

  private void checkWritable() throws IOException {
    if (failure != null) {
      IOException error = failure.get();
      resetReported();
      throw error;
    }
  }

  /** A reset is reported once, by reading or writing; from then on the pipe is broken. */
  void resetReported() {
    lock.lock();
    try {
      if (resetUntold) {
        resetUntold = false;
        failure = () -> new BrokenPipeException("broken pipe: the connection was reset");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether all that was written is with the system. */
  boolean isIdle() {
    LoopLock.lock(lock);
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
