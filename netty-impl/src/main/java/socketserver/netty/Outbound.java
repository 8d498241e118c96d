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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import socketserver.BrokenPipeException;
import socketserver.ConnectionResetException;
import socketserver.WouldBlockException;
import socketserver.spi.StackSpace;

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
 * <p><b>A stream has no hole.</b> After bytes that could not be sent, for want of memory for
 * instance, none is sent any more: the connection is reset, and the next call throws.
 *
 * <p><b>Locks.</b> Writers exclude one another; the loop takes no lock: it polls a queue and
 * counts. Where it is about to close the descriptor it takes it from the writers, and only then
 * looks whether one of them is in a system call with it: that does not wait, and no stack is needed
 * to say that it is over. A writer that an Error interrupts half-way breaks this connection, and
 * nothing else.
 *
 * <p><b>Close and shutdown</b> come after all that was written: the loop does them when nothing is
 * under way any more. A peer that never reads cannot hold a closed connection for longer than the
 * linger time.
 */
final class Outbound {
  private static final int HIGH_WATER = 128 << 10;
  private static final int LOW_WATER = 64 << 10;
  private static final int LINGER_SECONDS = 30;

  /** How much a writer sends before others have a turn: its thread may be an event loop's. */
  private static final int MOST_AT_ONCE = 256 << 10;

  /** From here on a system call of its own costs less than to copy for a common one. */
  private static final int LARGE = 16 << 10;

  /** How often the loop looks for the end of a system call before it lets other threads run. */
  private static final int SPINS = 100;

  private static final Failure SHUT_DOWN =
      new Failure(
          () -> new BrokenPipeException("broken pipe: the writing half is shut down"), false);
  private static final Failure GONE =
      new Failure(() -> new BrokenPipeException("broken pipe: the connection is closed"), false);
  private static final Failure RESET =
      new Failure(() -> new BrokenPipeException("broken pipe: the connection was reset"), false);
  private static final Failure CLOSED = new Failure(NettyEndpoint::closed, false);

  private final Channel channel;
  private final EventLoop loop;
  private final Watchers watchers;

  /** Made beforehand: to hand it over takes no memory. */
  private final Runnable drain = this::drain;

  private final BooleanSupplier mayWrite = this::mayWrite;

  /** Who waits for room, or until all is sent. */
  private final Waiters waiters = new Waiters();

  /** Held by one writer at a time, who waits for nothing meanwhile. The loop does not take it. */
  private final Object writing = new Object();

  /** What writers may send with themselves; null if only the loop may, which is for good. */
  private volatile Socket direct;

  /** Written by the holder of writing: it uses direct, or is about to look whether it may. */
  private volatile boolean sending;

  /** How many things that are not counted here go through the channel. */
  private final AtomicInteger passing = new AtomicInteger();

  /** Written by readers: how often something was read. */
  private volatile int reads;

  /** Guarded by writing: reads, when something was last written. */
  private int answeredReads;

  /** Guarded by writing: the writes, since the handler read, that did not announce another. */
  private int finalWrites;

  /** Guarded by writing: for what it read before the handler wrote more than once. */
  private boolean talkative;

  /**
   * What the next drain will write: the holder of writing adds, the loop polls. Memory of the heap,
   * as Netty's may have to be waited for.
   */
  private final Queue<byte[]> gathered = new ConcurrentLinkedQueue<>();

  /** Bytes taken from writers that the system does not have yet. */
  private final AtomicLong pending = new AtomicLong();

  private final Budget budget = Budget.ofProcess();

  /** A drain is on its way to the loop. */
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** Why nothing can be written any more, or null. */
  private final AtomicReference<Failure> failure = new AtomicReference<>();

  /**
   * Set for good: bytes that were taken could not be sent, and no others may be. If an Error came
   * half-way through a write, what is counted may be wrong, too.
   */
  private volatile boolean broken;

  /** Set for good: shutdown was called. */
  private volatile boolean shutdown;

  /** Set for good: close was called. */
  private volatile boolean closed;

  /** Written by any thread, read by the loop. */
  private volatile boolean lingerSet;

  /** Only the loop uses it: the peer has ended the stream. */
  private boolean inputEnded;

  /** Set before the loop knows the channel: closing the descriptor ends the stream. */
  private boolean alone;

  /** The writing half was shut down, or is just being shut down. */
  private final AtomicBoolean shutdownDone = new AtomicBoolean();

  /**
   * Why nothing can be written any more.
   *
   * @param error makes the error that says so
   * @param untoldReset it is a reset, of which nobody has been told
   */
  private record Failure(Supplier<IOException> error, boolean untoldReset) {
    static Failure of(IOException cause) {
      return new Failure(
          () -> ChannelErrors.again(cause), cause instanceof ConnectionResetException);
    }
  }

  Outbound(Channel channel, EventLoop loop, Watchers watchers) {
    this.channel = channel;
    this.loop = loop;
    this.watchers = watchers;
  }

  /** Whether a write would not wait: it is taken, or fails. */
  boolean mayWrite() {
    return broken || failure.get() != null || hasRoom();
  }

  private boolean hasRoom() {
    long now = pending.get();
    return now < HIGH_WATER && budget.hasRoom(now);
  }

  /** No other process has the descriptor. Before the loop knows the channel. */
  void markAlone() {
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

  /**
   * From now on only the loop sends: others have a hand in the pipeline, or it may close soon. When
   * this returns no writer is in a system call, nor will be.
   */
  void loopOnly() {
    direct = null;
    for (int i = 0; sending; i++) {
      if (i < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
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
    if (length == 0) {
      checkWritable();
      return 0;
    }
    int taken = take(source, offset, length, more);
    if (taken == 0) {
      long start = System.nanoTime();
      do {
        awaitRoom(timeoutNanos == 0 ? 0 : DirectDatagram.left(timeoutNanos, start));
        // none again, if another writer was faster
        taken = take(source, offset, length, more);
      } while (taken == 0);
    }
    return taken;
  }

  /** Takes bytes, if there is room: how many. */
  private int take(byte[] source, int offset, int length, boolean more) throws IOException {
    boolean whole = true;
    synchronized (writing) {
      checkWritable();
      if (!hasRoom()) {
        return 0;
      }
      noteWrite(more);
      int taken = 0;
      if (!more && mayGoDirectly() && (!talkative || length >= LARGE)) {
        taken = send(source, offset, length);
        if (taken == length) {
          return taken;
        }
      } else {
        StackSpace.reserve();
      }
      try {
        whole = taken == 0;
        // a write is not cut in two for the sake of the mark, so that those of several threads do
        // not mix
        long room =
            budget.hasRoom(Budget.SHARE)
                ? Math.max(HIGH_WATER - pending.get(), LOW_WATER)
                : Budget.SHARE;
        int rest = (int) Math.min(length - taken, room);
        byte[] copy = Arrays.copyOfRange(source, offset + taken, offset + taken + rest);
        whole = false;
        gather(copy);
        whole = true;
        return taken + rest;
      } finally {
        if (!whole) {
          broken = true;
        }
      }
    }
  }

  /** Learns how a handler answers. By the holder of writing. */
  private void noteWrite(boolean more) {
    int now = reads;
    if (now != answeredReads) {
      answeredReads = now;
      talkative = finalWrites > 1;
      finalWrites = 0;
    }
    finalWrites += more ? 0 : 1;
  }

  /** Leaves bytes to the loop. By the holder of writing. */
  private void gather(byte[] bytes) {
    long now = pending.addAndGet(bytes.length);
    budget.changed(now - bytes.length, now);
    gathered.add(bytes);
    drainLater();
  }

  /** Sends on this thread, without waiting; returns how much. By the holder of writing. */
  private int send(byte[] source, int offset, int length) throws IOException {
    Scratch scratch = Scratch.take();
    boolean whole = false;
    try {
      sending = true;
      int sent = 0;
      // the loop takes it away first, and looks afterwards whether it is in use
      for (Socket socket = direct; socket != null && sent < length; socket = direct) {
        int piece = Math.min(length - sent, Scratch.SIZE);
        scratch.buffer().put(0, source, offset + sent, piece);
        int went = socket.sendAddress(scratch.address(), 0, piece);
        sent += went;
        if (went < piece || sent >= MOST_AT_ONCE) {
          break;
        }
      }
      whole = true;
      return sent;
    } catch (IOException | NotYetConnectedException e) {
      whole = true;
      direct = null;
      IOException lost = ChannelErrors.ofWriting(e);
      failure.compareAndSet(null, Failure.of(lost));
      checkWritable();
      throw lost;
    } finally {
      // first what needs no stack
      sending = false;
      if (!whole) {
        broken = true;
      }
      scratch.give();
    }
  }

  /** Ends the stream after what was written. */
  void shutdown() {
    StackSpace.reserve();
    shutdown = true;
    failure.compareAndSet(null, SHUT_DOWN);
    if (!endedNow()) {
      drainLater();
    }
    waiters.wake();
    watchers.changed();
  }

  /** Whether nothing is before what this thread would send. By the holder of writing. */
  private boolean mayGoDirectly() {
    return direct != null && pending.get() == 0 && passing.get() == 0;
  }

  /** Ends the stream on this thread, if nothing is under way. */
  private boolean endedNow() {
    synchronized (writing) {
      try {
        sending = true;
        Socket socket = direct;
        if (!mayGoDirectly() || socket == null || !shutdownDone.compareAndSet(false, true)) {
          return false;
        }
        socket.shutdown(false, true);
      } catch (IOException | NotYetConnectedException e) {
        // lost before its end, which the loop will notice
      } finally {
        sending = false;
      }
      return true;
    }
  }

  /** Closes the channel after what was written. */
  void close() {
    StackSpace.reserve();
    // an Error may have interrupted who asked the loop before
    boolean again = closed;
    closed = true;
    direct = null;
    failure.set(CLOSED);
    if (again) {
      onLoop(drain);
    } else {
      drainLater();
    }
    waiters.wake();
    watchers.changed();
  }

  /** Notes that nothing can be written any more, and no writer uses the descriptor. */
  void fail(IOException cause) {
    loopOnly();
    failure.compareAndSet(null, Failure.of(cause));
    waiters.wake();
    watchers.changed();
  }

  /** The channel is gone: forgets what is under way. */
  void channelClosed() {
    direct = null;
    failure.compareAndSet(null, GONE);
    gathered.clear();
    budget.changed(pending.getAndSet(0), 0);
    waiters.wake();
    watchers.changed();
  }

  /** Waits until all that was written is with the system, or never will be. */
  boolean awaitSent(long deadline) throws InterruptedException {
    long left = Math.max(deadline - System.nanoTime(), 1);
    return waiters.await(left, () -> pending.get() == 0 || broken);
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

  /** Something will go through the channel past this: no writer may get before it. */
  void passingBegins() {
    synchronized (writing) {
      passing.incrementAndGet();
    }
  }

  /** It has gone. On the event loop. */
  void passingEnds() {
    passing.decrementAndGet();
  }

  /** Writes what has gathered, and does what was to come after it. On the event loop. */
  void drain() {
    scheduled.set(false);
    List<byte[]> pieces = new ArrayList<>();
    int length = 0;
    for (byte[] piece = gathered.poll(); piece != null; piece = gathered.poll()) {
      pieces.add(piece);
      length += piece.length;
    }
    if (broken) {
      // nothing may follow what is missing
      sent(length);
    } else if (length > 0) {
      write(pieces, length);
    }
    if (length == 0 || broken) {
      finish();
    }
    lingerIfClosed();
  }

  /** Gives bytes to the channel. On the event loop. */
  private void write(List<byte[]> pieces, int length) {
    try {
      channel
          .writeAndFlush(buffer(pieces, length))
          .addListener(future -> written(length, future.cause()));
    } catch (Throwable e) {
      written(length, e);
    }
  }

  /** Java's TLS takes the heap's memory as it is; the system needs other. */
  private ByteBuf buffer(List<byte[]> pieces, int length) {
    if (tls() != null) {
      return Unpooled.wrappedBuffer(pieces.toArray(new byte[0][]));
    }
    ByteBuf buffer = channel.alloc().directBuffer(length);
    pieces.forEach(buffer::writeBytes);
    return buffer;
  }

  private void written(int length, Throwable cause) {
    if (cause != null) {
      direct = null;
      // the reason first, as a writer that finds this broken is told of it
      failure.compareAndSet(null, Failure.of(ChannelErrors.ofWriting(cause)));
      broken = true;
    }
    if (sent(length) <= LOW_WATER || cause != null) {
      waiters.wake();
    }
    if (cause != null && !(cause instanceof IOException)) {
      reset(cause);
    }
    finish();
    watchers.changed();
  }

  /** Counts what is no longer under way; returns what still is. */
  private long sent(int length) {
    // none is left if the channel has closed meanwhile
    long before = pending.getAndUpdate(now -> Math.max(now - length, 0));
    long after = Math.max(before - length, 0);
    budget.changed(before, after);
    return after;
  }

  /**
   * Ends a connection that works, but cannot have the rest of what was written: by a reset, past
   * TLS, so that the peer does not take what it has for all. On the event loop.
   */
  private void reset(Throwable cause) {
    loopOnly();
    try {
      channel.pipeline().fireExceptionCaught(cause);
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    } finally {
      channel.unsafe().close(channel.voidPromise());
    }
  }

  /** Does what was to come after the last byte, if that is gone. On the event loop. */
  private void finish() {
    boolean idle = pending.get() == 0;
    boolean closeNow = closed && (idle || broken);
    boolean endNow = shutdown && idle && shutdownDone.compareAndSet(false, true);
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
    loopOnly();
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
    if (closed && pending.get() > 0 && channel.isOpen()) {
      Runnable giveUp = this::closeChannel;
      var timer = loop.schedule(giveUp, LINGER_SECONDS, TimeUnit.SECONDS);
      channel.closeFuture().addListener(future -> timer.cancel(false));
    }
  }

  /** Asks the loop to drain, unless it has been asked. */
  private void drainLater() {
    if (!scheduled.compareAndSet(false, true) && !broken) {
      return;
    }
    onLoop(drain);
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // the channel is closed, and its loop has ended with the last of its channels
      channelClosed();
    }
  }

  private void awaitRoom(long timeoutNanos) throws IOException {
    if (timeoutNanos != 0 && failure.get() == null && pending.get() < HIGH_WATER) {
      onLoop(budget::report);
    }
    try {
      if (!waiters.await(timeoutNanos, mayWrite, timeoutNanos == 0 ? null : new LoopRound(loop))) {
        throw timeoutNanos == 0
            ? new WouldBlockException("no room to write")
            : new SocketTimeoutException("timed out");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to write");
    }
    checkWritable();
  }

  private void checkWritable() throws IOException {
    Failure now = failure.get();
    if (now != null) {
      IOException error = now.error.get();
      resetReported();
      throw error;
    }
    if (broken) {
      throw new BrokenPipeException("broken pipe: a write was cut short by an error");
    }
  }

  /** A reset is reported once, by reading or writing; from then on the pipe is broken. */
  void resetReported() {
    Failure now = failure.get();
    if (now != null && now.untoldReset) {
      failure.compareAndSet(now, RESET);
    }
  }

  /** Whether all that was written is with the system. */
  boolean isIdle() {
    return unsent() == 0;
  }

  /** How many of the written bytes the system does not have yet. */
  long unsent() {
    return pending.get();
  }

  boolean isShutdown() {
    return shutdown;
  }
}
