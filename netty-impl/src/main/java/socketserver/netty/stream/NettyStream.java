package socketserver.netty.stream;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import socketserver.BrokenPipeException;
import socketserver.netty.Pipelines;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.loop.Engine;
import socketserver.netty.loop.Readiness;
import socketserver.netty.socket.Strand;
import socketserver.spi.EarlyClasses;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StackSpace;

/**
 * A stream socket. Whoever reads or writes makes the system call himself, which does not wait; what
 * would have to wait does so with {@link Readiness}. So nothing is received before somebody asks
 * for it, what is written is with the system, and who says that the time is over has asked the
 * system.
 *
 * <p>With handlers before the blocking side, TLS for instance, there is a {@link StreamChannel}
 * between this and the system calls. Its loop is a {@link Strand}: the same threads run it.
 */
public class NettyStream extends SendingSocket {
  /** The name of the last handler, the library's own. */
  private static final String BRIDGE = "socketserver";

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(30);

  static {
    // what is first used when stack or memory is short is broken for all
    EarlyClasses.initialize(
        MethodHandles.lookup(),
        List.of(Input.class, Output.class, StreamBridge.class, StreamChannel.class));
  }

  /** Guarded by state for writing: another process has the descriptor, too. */
  private volatile boolean held;

  /** Written by startTls. */
  private volatile SSLEngine tls;

  /** Somebody asks what is ready: what is found then is no change. */
  private volatile boolean looking;

  /**
   * Makes a connection of a socket, which this owns.
   *
   * @param engine the engine, of which this takes a share until the descriptor is gone
   * @param connected whether it is connected; it is to be connected otherwise
   * @param local what it is bound to; null to have the system asked
   * @param peer the peer; null if the system does not know it any more
   */
  public NettyStream(
      Engine engine,
      StreamCalls calls,
      boolean connected,
      SocketAddress local,
      SocketAddress peer) {
    super(engine, calls, connected, local, peer);
  }

  /** A connection whose descriptor came from elsewhere, and what was read from it before. */
  public final void arrived(byte[] bytes) {
    input.add(bytes, 0, bytes.length);
  }

  protected final StreamCalls calls() {
    return calls;
  }

  @Override
  protected int readyHere() {
    if (engine.mechanism().watchesDescriptors()) {
      int ready = input.isReadable() ? ReadinessSource.IN : 0;
      return channel != null && input.hasEnded() ? ready | ReadinessSource.RDHUP : ready;
    }
    // how it has ended only a read can tell
    try {
      looking = true;
      available();
    } finally {
      looking = false;
    }
    int ready = input.isReadable() ? ReadinessSource.IN : 0;
    ready |= input.hasEnded() ? ReadinessSource.RDHUP : 0;
    boolean bothEnded = input.hasEnded() && output.hasFailed();
    ready |= bothEnded || calls.wasReset() ? ReadinessSource.HUP | ReadinessSource.RDHUP : 0;
    return input.hasFailed() ? ready | ReadinessSource.ERR : ready;
  }

  @Override
  public final Executor eventLoop() {
    // whoever asks is about to run the handler there
    readiness.stayOnLoop();
    return loop;
  }

  /** There is more to take here than the system knows of. */
  private void changed() {
    readiness.wake();
    if (!looking) {
      source.changed();
    }
  }

  // The pipeline

  /** For {@link Pipelines}. */
  public final ChannelPipeline pipeline() {
    StackSpace.reserveMuch();
    try {
      return piped().pipeline();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Has the channel initialized before the connection is used. What is added last comes before the
   * blocking side all the same.
   */
  public final void initialize(Consumer<Channel> initializer) {
    ChannelPipeline pipeline = pipeline();
    initializer.accept(pipeline.channel());
    pipeline.remove(BRIDGE);
    addBridge(pipeline);
  }

  private void addBridge(ChannelPipeline pipeline) {
    pipeline.addLast(BRIDGE, new StreamBridge(input, this::changed));
  }

  /** The channel, made if there is none. */
  private StreamChannel piped() throws IOException {
    if (channel == null) {
      ask(this::makeChannel);
      // who waits is to wait for what comes through it
      readiness.wake();
    }
    return channel;
  }

  private Void makeChannel() throws IOException {
    if (channel == null) {
      StreamChannel made = new StreamChannel(calls, new ChannelOwner());
      addBridge(made.pipeline());
      ChannelFuture registered = new Strand(loop).register(made);
      if (!registered.isSuccess()) {
        throw ChannelErrors.failed("cannot make a pipeline", registered.cause());
      }
      channel = made;
    }
    return null;
  }

  private final class ChannelOwner implements StreamChannel.Owner {
    @Override
    public void flushWhenWritable() {
      NettyStream.this.flushWhenWritable();
    }

    @Override
    public void readWanted() {
      readiness.wake();
    }

    @Override
    public void channelClosed() {
      output.fail(new BrokenPipeException("broken pipe: the connection is closed"));
      readiness.wake();
      letGoWhenUnused();
    }

    @Override
    public SocketAddress local() {
      try {
        return knownLocal() != null || gone ? knownLocal() : calls.localAddress();
      } catch (IOException e) {
        return null;
      }
    }

    @Override
    public SocketAddress remote() {
      return peer();
    }
  }

  // TLS

  @Override
  public final void startTls(SSLEngine engine, byte[] unread, long deadlineNanos)
      throws IOException {
    StackSpace.reserveMuch();
    long start = System.nanoTime();
    enter(reading, deadlineNanos);
    try {
      enter(writing, deadlineNanos);
      try {
        checkOpen();
        if (tls != null) {
          throw new SSLException("tls has already started on this connection");
        }
        awaitConnected(deadlineNanos, start);
        flush(deadlineNanos, start);
        tls = engine;
        new TlsHandshake(piped(), readiness, input, () -> closed || gone)
            .start(engine, unread, deadlineNanos);
      } catch (IOException e) {
        boolean closedMeanwhile = closed;
        close();
        throw closedMeanwhile ? ChannelErrors.closed() : e;
      } finally {
        leave(writing);
      }
    } finally {
      leave(reading);
    }
  }

  @Override
  final boolean hasTls() {
    return tls != null;
  }

  @Override
  public final boolean tlsWasCut() {
    return tls != null && input.wasCut();
  }

  @Override
  public final SSLSession tlsSession() {
    SSLEngine now = tls;
    return now == null ? null : now.getSession();
  }

  @Override
  public final String applicationProtocol() {
    SSLEngine now = tls;
    String chosen = now == null ? null : now.getApplicationProtocol();
    return chosen == null || chosen.isEmpty() ? null : chosen;
  }

  // Its ends

  @Override
  public void shutdownInput() throws IOException {
    StackSpace.reserveMuch();
    checkOpen();
    if (channel == null) {
      if (isConnected()) {
        keepWhatHasArrived();
      }
      ask(() -> shutdown(true, false));
    } else {
      ask(calls::remoteAddress);
    }
    input.end();
    readiness.wake();
    source.changed();
  }

  private Void shutdown(boolean in, boolean out) throws IOException {
    if (!isConnected()) {
      // the system would refuse it, and remember it all the same
      calls.remoteAddress();
    }
    try {
      calls.shutdown(in, out);
      return null;
    } catch (IOException e) {
      throw ChannelErrors.of(e);
    }
  }

  /** What has arrived can still be read; while somebody waits to read, that is nothing. */
  private void keepWhatHasArrived() throws IOException {
    if (reading.tryLock()) {
      try {
        input.look(calls, Integer.MAX_VALUE);
      } finally {
        leave(reading);
      }
    }
  }

  /** Does not wait: what is held back is sent before the end, when there is room. */
  @Override
  public void shutdownOutput() throws IOException {
    StackSpace.reserveMuch();
    checkOpen();
    boolean now = true;
    // a writer that waits ends, and nothing more is sent
    if (writing.tryLock()) {
      try {
        now = output.hasFailed() || sendLast();
      } finally {
        leave(writing);
      }
    }
    if (now) {
      ask(() -> shutdown(false, true));
    }
    output.end(new BrokenPipeException("broken pipe: the writing half is shut down"));
    readiness.wake();
  }

  /** Sends what is before the end; false if the end follows later. With writing held. */
  private boolean sendLast() throws IOException {
    StreamChannel piped = channel;
    if (piped != null) {
      byte[] held = output.takeAll();
      ChannelFuture last = onChannel(piped, () -> lastWrite(piped, held));
      if (!last.isDone()) {
        last.addListener(future -> piped.shutdownOutput());
      }
      return last.isDone();
    }
    flush(0, 0);
    endsWhenFlushed = output.count() > 0;
    return !endsWhenFlushed;
  }

  /** Sends what was held back, and close_notify with TLS. On the channel's loop. */
  private static ChannelFuture lastWrite(StreamChannel piped, byte[] held) {
    ChannelFuture sent = piped.writeAndFlush(Unpooled.wrappedBuffer(held));
    SslHandler handler = piped.pipeline().get(SslHandler.class);
    return handler == null ? sent : handler.closeOutbound();
  }

  @Override
  public final int detach() throws IOException {
    leave(false);
    return calls.fileno();
  }

  @Override
  public final byte[] handOver() throws IOException {
    return leave(true);
  }

  /**
   * Stops using the connection without closing it, when all that was written has been sent.
   *
   * @param handOver whether the descriptor stays to be closed, and what nobody read to be taken
   * @return what nobody has read
   */
  private byte[] leave(boolean handOver) throws IOException {
    StackSpace.reserveMuch();
    checkOpen();
    if (!calls.hasDescriptor()) {
      throw new UnsupportedOperationException(
          engine.mechanism().adoptsNone() + ": there are none to give away");
    }
    long start = System.nanoTime();
    enter(writing, FOREVER);
    try {
      pastPipeline("its state", LINGER_NANOS, start);
      handsOff = true;
      readiness.wake();
      enter(reading, FOREVER);
      try {
        byte[] unread = input.takeAll();
        if (!handOver && unread.length > 0) {
          input.add(unread, 0, unread.length);
          throw new IOException(
              "cannot detach: " + unread.length + " bytes have arrived that nobody read");
        }
        if (!isConnected()) {
          ask(calls::remoteAddress);
        }
        source.leave();
        readiness.close();
        held = handOver;
        closed = true;
        gone = true;
        engine.release();
        return unread;
      } finally {
        handsOff = false;
        leave(reading);
      }
    } finally {
      leave(writing);
    }
  }

  @Override
  public final void close() {
    StackSpace.reserve();
    closed = true;
    readiness.wake();
    StreamChannel piped = channel;
    if (held) {
      closeHeld();
    } else if (piped != null) {
      piped.eventLoop().execute(() -> closePiped(piped));
      if (ending && !gone) {
        // an Error has interrupted who closed the channel
        letGo();
      }
    } else if (output.count() == 0) {
      ending = true;
      awaitDescriptor();
    } else if (!lingering) {
      closeWhenFlushed();
    }
  }

  /** Closes this process's copy of a descriptor that was handed over. */
  private void closeHeld() {
    state.lock();
    try {
      if (held) {
        calls.close();
        held = false;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("closing the connection failed", ChannelErrors.of(e));
    } finally {
      state.unlock();
    }
  }

  @Override
  public final int fileno() {
    return held ? calls.fileno() : super.fileno();
  }

  @Override
  protected final void leaveEngine() {
    engine.release(lingering);
  }

  /** A peer that never reads cannot hold it for longer than the linger time. */
  private void closeWhenFlushed() {
    try {
      // first of all: when it is lingering it may be closed, and its loop end with it
      loop.schedule(this::letGoWhenUnused, LINGER_NANOS, NANOSECONDS);
    } finally {
      engine.closing();
      lingering = true;
      flushLate();
      if (output.count() == 0) {
        // who has sent the last of it may have looked before this was closed
        letGoWhenUnused();
      }
    }
  }

  @Override
  public final void awaitSent() {
    while (!gone && !held) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void closePiped(StreamChannel piped) {
    byte[] last = output.takeAll();
    if (last.length == 0 && piped.pendingBytes() == 0) {
      closeChannel(piped);
      return;
    }
    var giveUp = piped.eventLoop().schedule(() -> piped.close(), LINGER_NANOS, NANOSECONDS);
    piped.closeFuture().addListener(future -> giveUp.cancel(false));
    piped.writeAndFlush(Unpooled.wrappedBuffer(last)).addListener(future -> closeChannel(piped));
  }

  /** What goes wrong in the close of a channel Netty keeps to itself. */
  private void closeChannel(StreamChannel piped) {
    piped.close().addListener(future -> letGoWhenUnused());
  }

  /** Closes the descriptor now, or when this thread lets go of the socket. */
  private void letGoWhenUnused() {
    ending = true;
    if (!reading.isHeldByCurrentThread() && !writing.isHeldByCurrentThread()) {
      letGo();
    }
  }
}
