package socketserver.netty.stream;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.DefaultFileRegion;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.NotYetConnectedException;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import socketserver.BrokenPipeException;
import socketserver.SocketConstants;
import socketserver.WouldBlockException;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.ground.Scratch;
import socketserver.netty.loop.Engine;
import socketserver.netty.loop.Outbox;
import socketserver.netty.loop.Readiness;
import socketserver.spi.StackSpace;
import socketserver.spi.TimeLeft;

/**
 * What is sent to a stream socket: by a system call, or through a pipeline. A write that others are
 * likely to follow is held back for them; an event loop sends it after a moment, if nobody is at
 * work.
 */
abstract class SendingSocket extends ReceivingSocket implements Outbox.Sender {
  private static final int FILE_CHUNK = 64 << 10;

  /** How much a writer sends before others have a turn: its thread may be an event loop's. */
  private static final int MOST_AT_ONCE = 256 << 10;

  /** How much may wait in a pipeline before a writer waits for room. */
  private static final int HIGH_WATER = 64 << 10;

  /** The structure linger of the system: on, and no second. */
  private static final byte[] RESET =
      ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putInt(1).putInt(0).array();

  final Output output = new Output();

  // Made with the socket, where there is stack to link them

  private final Runnable flushingLate = this::flushLate;
  private final BooleanSupplier hasEnded = () -> closed || gone || output.hasFailed();

  /** The engine has been asked to flush soon, and has not. */
  private volatile boolean isFlushedSoon;

  /** Guarded by writing: the end of the stream follows what is held back. */
  boolean endsWhenFlushed;

  /** It is closed for its owner, but has something to send. */
  volatile boolean lingering;

  /** Written by the holder of writing: he sends what is held back, and waits for room. */
  private volatile boolean flushing;

  SendingSocket(
      Engine engine,
      StreamCalls calls,
      boolean connected,
      SocketAddress local,
      SocketAddress peer) {
    super(engine, calls, connected, local, peer);
  }

  /** Whether it is a TLS connection, whose bytes must all go through the pipeline. */
  abstract boolean hasTls();

  @Override
  public final int write(byte[] bytes, int offset, int length, long timeoutNanos)
      throws IOException {
    return write(bytes, offset, length, timeoutNanos, false);
  }

  @Override
  public final int write(byte[] bytes, int offset, int length, long timeoutNanos, boolean more)
      throws IOException {
    long start = timeoutNanos > 0 ? System.nanoTime() : 0;
    enter(writing, timeoutNanos);
    try {
      checkWritable();
      if (length == 0) {
        return 0;
      }
      if ((more || output.count() > 0) && output.hold(bytes, offset, length)) {
        if (more) {
          flushSoon();
        } else {
          flush(timeoutNanos, start);
        }
        return length;
      }
      flush(timeoutNanos, start);
      if (output.count() > 0) {
        throw noRoom(timeoutNanos);
      }
      StreamChannel piped = channel;
      return piped == null
          ? repeat(() -> sendNow(bytes, offset, length), timeoutNanos, start)
          : writePiped(piped, bytes, offset, length, timeoutNanos, start);
    } finally {
      leave(writing);
    }
  }

  private void flushSoon() {
    if (!isFlushedSoon) {
      isFlushedSoon = true;
      engine.outbox().flushSoon(this);
    }
  }

  @Override
  public final void flushNowOrLater() {
    isFlushedSoon = false;
    flushLate();
  }

  static IOException noRoom(long timeoutNanos) {
    return timeoutNanos == 0
        ? new WouldBlockException("no room to write")
        : new SocketTimeoutException("timed out");
  }

  final void checkWritable() throws IOException {
    if (closed) {
      throw ChannelErrors.closed();
    }
    output.check();
    checkOpen();
  }

  final int sendNow(byte[] bytes, int offset, int length) throws IOException {
    int sent = 0;
    int piece;
    int went;
    do {
      piece = Math.min(length - sent, Scratch.SIZE);
      went = calls.send(bytes, offset + sent, piece);
      sent += went;
    } while (went == piece && sent < length && sent < MOST_AT_ONCE);
    return sent;
  }

  /** Sends without waiting. */
  interface Sending {
    /** Returns how much went, 0 if there was no room. */
    int send() throws IOException;
  }

  /** Sends something, waiting for room. With writing held. */
  final int repeat(Sending sending, long timeoutNanos, long start) throws IOException {
    boolean over = timeoutNanos == 0;
    while (true) {
      checkWritable();
      int sent;
      try {
        sent = sending.send();
      } catch (IOException | NotYetConnectedException e) {
        throw closed ? ChannelErrors.closed() : failed(e, false);
      }
      if (sent > 0) {
        return sent;
      }
      if (over) {
        throw noRoom(timeoutNanos);
      }
      over = !awaitRoom(awaitConnected(timeoutNanos, start));
    }
  }

  final boolean awaitRoom(long timeoutNanos) throws IOException {
    return awaitForWriter(Readiness.WRITE, timeoutNanos, hasEnded);
  }

  /** Sends what is held, as far as time allows; throws what went wrong. With writing held. */
  final void flush(long timeoutNanos, long start) throws IOException {
    if (output.count() == 0) {
      return;
    }
    StreamChannel piped = channel;
    if (piped != null) {
      byte[] bytes = output.takeAll();
      writePiped(piped, bytes, 0, bytes.length, timeoutNanos, start);
      return;
    }
    try {
      flushing = true;
      boolean over = timeoutNanos == 0;
      while (!flushNow() && !over) {
        over = !awaitRoom(TimeLeft.of(timeoutNanos, start));
        checkOpen();
      }
    } finally {
      flushing = false;
      if (output.count() > 0) {
        flushWhenWritable();
      }
    }
  }

  /** Sends what is held, as far as there is room; whether nothing is left. With writing held. */
  final boolean flushNow() throws IOException {
    try {
      return output.flush(calls);
    } catch (IOException | NotYetConnectedException e) {
      IOException error = failed(e, false);
      output.fail(error);
      output.check();
      throw error;
    }
  }

  final void flushWhenWritable() {
    engine.outbox().remember(this);
    try {
      readiness.whenWritable(flushingLate);
    } catch (IOException | RuntimeException e) {
      output.fail(ChannelErrors.ofWriting(e));
    }
  }

  /**
   * Sends what is held without waiting for anybody, and keeps what goes wrong for the next call.
   */
  final void flushLate() {
    if (!writing.tryLock()) {
      // who has it may have come here before he held back more
      if (output.count() > 0 && !flushing) {
        flushSoon();
      }
      return;
    }
    try {
      StreamChannel piped = channel;
      if (piped != null) {
        byte[] bytes = output.takeAll();
        piped.eventLoop().execute(() -> writeAndFlush(piped, bytes));
      } else if (!gone) {
        if (output.flush(calls)) {
          engine.outbox().forget(this);
          if (endsWhenFlushed) {
            endsWhenFlushed = false;
            calls.shutdown(false, true);
          }
        } else {
          readiness.whenWritable(flushingLate);
        }
      }
    } catch (IOException | NotYetConnectedException e) {
      output.fail(failed(e, false));
      engine.outbox().forget(this);
    } finally {
      if (lingering && output.count() == 0) {
        ending = true;
      }
      leave(writing);
    }
  }

  static void writeAndFlush(StreamChannel piped, byte[] bytes) {
    if (bytes.length > 0) {
      piped.writeAndFlush(Unpooled.wrappedBuffer(bytes));
    } else {
      piped.unsafe().flush();
    }
  }

  @Override
  final void flushBeforeWaiting() {
    if (output.count() > 0) {
      flushLate();
    }
  }

  @Override
  public final long unsent() {
    StreamChannel piped = channel;
    long waiting = piped == null ? 0 : piped.pendingBytes();
    return gone ? 0 : output.count() + waiting;
  }

  final int writePiped(
      StreamChannel piped, byte[] bytes, int offset, int length, long timeoutNanos, long start)
      throws IOException {
    if (!awaitFlush(piped, () -> piped.pendingBytes() < HIGH_WATER, timeoutNanos, start)) {
      throw noRoom(timeoutNanos);
    }
    int count = Math.min(length, HIGH_WATER);
    byte[] copy = Arrays.copyOfRange(bytes, offset, offset + count);
    ChannelFuture sent = onChannel(piped, () -> piped.writeAndFlush(Unpooled.wrappedBuffer(copy)));
    if (!sent.isDone()) {
      // a handler may let it go later
      sent.addListener(future -> readiness.wake());
    }
    if (awaitFlush(piped, sent::isDone, timeoutNanos, start)) {
      // not by a listener: what one throws Netty keeps to itself
      noteFailure(piped, sent.cause());
    } else {
      sent.addListener(future -> noteFailure(piped, future.cause()));
    }
    checkWritable();
    return count;
  }

  /** Something that was written has gone, or never will if there is a cause. */
  private void noteFailure(StreamChannel piped, Throwable cause) {
    if (cause != null) {
      output.fail(ChannelErrors.ofWriting(cause));
      if (!(cause instanceof IOException)) {
        piped.eventLoop().execute(() -> reset(piped));
      }
    }
    readiness.wake();
  }

  /**
   * Ends a connection that works, but cannot have the rest of what was written: by a reset, past
   * TLS, so that the peer does not take what it has for all.
   */
  final void reset(StreamChannel piped) {
    try {
      calls.options().set(SocketConstants.SOL_SOCKET, SocketConstants.SO_LINGER, RESET);
    } catch (IOException e) {
      // it is lost already
    }
    piped.unsafe().close(piped.voidPromise());
  }

  @Override
  public final void abort() {
    StackSpace.reserveMuch();
    StreamChannel piped = channel;
    try {
      ask(
          () -> {
            calls.options().set(SocketConstants.SOL_SOCKET, SocketConstants.SO_LINGER, RESET);
            return null;
          });
    } catch (IOException e) {
      // it is lost already
    }
    output.fail(new BrokenPipeException("broken pipe: the connection was aborted"));
    if (piped != null) {
      piped.eventLoop().execute(() -> piped.unsafe().close(piped.voidPromise()));
    }
    close();
  }

  /** Has a pipeline send until something is so; false if the time is over before. */
  final boolean awaitFlush(StreamChannel piped, BooleanSupplier done, long timeoutNanos, long start)
      throws IOException {
    boolean over = timeoutNanos == 0;
    while (true) {
      if (done.getAsBoolean()) {
        return true;
      }
      int events = onChannel(piped, () -> flush(piped, done));
      if (done.getAsBoolean() || over) {
        return done.getAsBoolean();
      }
      over =
          !awaitForWriter(
              events,
              TimeLeft.of(timeoutNanos, start),
              () -> closed || gone || output.hasFailed() || done.getAsBoolean());
      checkWritable();
    }
  }

  /** Has a pipeline send; what to wait for if it is not done. On its loop. */
  private int flush(StreamChannel piped, BooleanSupplier done) {
    piped.unsafe().flush();
    if (piped.hasUnsent() || done.getAsBoolean()) {
      return Readiness.WRITE;
    }
    // a handler keeps it, which may wait for what the peer says: TLS for its hello
    boolean reads = true;
    while (reads && !done.getAsBoolean() && input.size() < HIGH_WATER && !input.hasEnded()) {
      if (!piped.wantsRead()) {
        piped.pipeline().read();
      }
      reads = piped.readOnce();
    }
    return reads ? 0 : events(piped);
  }

  @Override
  public final void sendUrgent(byte value, long timeoutNanos) throws IOException {
    StackSpace.reserveMuch();
    long start = timeoutNanos > 0 ? System.nanoTime() : 0;
    enter(writing, timeoutNanos);
    try {
      checkWritable();
      pastPipeline("urgent data", timeoutNanos, start);
      repeat(() -> calls.sendUrgent(value), timeoutNanos, start);
    } finally {
      leave(writing);
    }
  }

  /** Makes sure that what is written next comes after all that was. With writing held. */
  final void pastPipeline(String what, long timeoutNanos, long start) throws IOException {
    if (hasTls()) {
      throw new IOException("cannot pass " + what + " over a tls connection");
    }
    flush(timeoutNanos, start);
    StreamChannel piped = channel;
    boolean idle =
        piped == null || output.hasFailed()
            ? output.count() == 0
            : awaitFlush(piped, () -> piped.pendingBytes() == 0, timeoutNanos, start);
    if (!idle) {
      throw noRoom(timeoutNanos);
    }
  }

  @Override
  public final long transferFrom(FileChannel file, long position, long count, long timeoutNanos)
      throws IOException {
    StackSpace.reserveMuch();
    long start = System.nanoTime();
    long sent = 0;
    if (channel == null) {
      sent = sendFile(file, position, count, timeoutNanos, start);
    }
    byte[] chunk = new byte[(int) Math.min(FILE_CHUNK, count - sent)];
    while (sent < count) {
      int most = (int) Math.min(chunk.length, count - sent);
      int read = file.read(ByteBuffer.wrap(chunk, 0, most), position + sent);
      if (read < 0) {
        break;
      }
      for (int written = 0; written < read; ) {
        long left =
            timeoutNanos <= 0 ? timeoutNanos : Math.max(TimeLeft.of(timeoutNanos, start), 1);
        written += write(chunk, written, read - written, left, written + read < count);
      }
      sent += read;
    }
    return sent;
  }

  /** Has the system send a file, if it can: how much it has sent. */
  final long sendFile(FileChannel file, long position, long count, long timeoutNanos, long start)
      throws IOException {
    enter(writing, timeoutNanos);
    long[] sent = new long[1];
    try {
      checkWritable();
      flush(timeoutNanos, start);
      DefaultFileRegion region = new DefaultFileRegion(file, position, count);
      boolean[] possible = {true};
      while (possible[0] && sent[0] < count && position + sent[0] < file.size()) {
        repeat(
            () -> {
              long went = calls.sendFile(region, sent[0], count - sent[0]);
              possible[0] = went != StreamCalls.NOT_SENT_BY_SYSTEM;
              sent[0] += Math.max(went, 0);
              return went != 0 ? 1 : 0;
            },
            timeoutNanos <= 0 ? timeoutNanos : Math.max(TimeLeft.of(timeoutNanos, start), 1),
            System.nanoTime());
      }
      return sent[0];
    } catch (SocketTimeoutException e) {
      throw new SocketTimeoutException(
          "timed out: " + sent[0] + " of " + count + " bytes of the file sent");
    } finally {
      leave(writing);
    }
  }

  protected final int sendDescriptors(byte[] data, FileDescriptor[] fds, long timeoutNanos)
      throws IOException {
    StackSpace.reserveMuch();
    long start = timeoutNanos > 0 ? System.nanoTime() : 0;
    enter(writing, timeoutNanos);
    try {
      checkWritable();
      pastPipeline("descriptors", timeoutNanos, start);
      return repeat(() -> calls.sendFds(data, fds), timeoutNanos, start);
    } finally {
      leave(writing);
    }
  }
}
