package socketserver.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoop;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import socketserver.BrokenPipeException;
import socketserver.ConnectionResetException;
import socketserver.SocketConstants;
import socketserver.WouldBlockException;
import socketserver.spi.Endpoint;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StackSpace;
import socketserver.spi.StreamEndpoint;

/**
 * A connection: a Netty channel with a blocking side. {@link Inbound} is what has arrived, {@link
 * Outbound} what is to be sent.
 *
 * <p><b>Close.</b> For its owner it is closed at once; the channel is closed by the event loop when
 * all that was written has been sent.
 */
final class NettyStream extends NettyEndpoint implements StreamEndpoint {
  private static final int FILE_CHUNK = 64 << 10;

  private final Engine engine;
  private final Channel channel;
  private final EventLoop loop;
  private final Inbound inbound;
  private final Outbound outbound;
  private final KnownReadiness readiness;
  private final AtomicReference<Life> life = new AtomicReference<>(Life.OPEN);

  /**
   * What the engine knows of this: nothing, that it is closed for its owner, or that it is gone.
   */
  private final AtomicReference<Share> share = new AtomicReference<>(Share.OPEN);

  /** Set by startTls. Outlives the channel's pipeline. */
  private volatile SSLEngine tlsEngine;

  /** The descriptor that another process has, too. Guarded by this for writing and to close it. */
  private volatile FileDescriptor held;

  private enum Life {
    OPEN,
    /** Closed for its owner; an Error may have interrupted who did that. */
    CLOSING,
    CLOSED
  }

  private enum Share {
    OPEN,
    CLOSING,
    /** The channel is closed, or no longer this connection's. */
    GONE
  }

  /**
   * Makes a connection of a channel that is not registered yet.
   *
   * @param engine the engine, of which this takes a share until the channel is closed
   * @param channel the channel
   * @param loop the loop that it will be registered with
   */
  NettyStream(Engine engine, Channel channel, EventLoop loop) {
    this.engine = engine.share();
    this.channel = channel;
    this.loop = loop;
    Watchers watchers = new Watchers();
    this.inbound = new Inbound(channel, loop, watchers);
    this.outbound = new Outbound(channel, loop, watchers);
    LoopRound round = new LoopRound(loop);
    this.readiness = new KnownReadiness(watchers, this::ready, this::isOpen, () -> round);
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel.config().setAutoClose(false);
    Budget.ofProcess().limitReads(channel);
    if (engine.mechanism().adoptsDescriptors() && channel instanceof UnixChannel unix) {
      outbound.sendDirectly((Socket) unix.fd());
    }
    // known from here on, also when the peer resets the connection before anybody asks
    channel.remoteAddress();
    engine.opened(this);
    channel.closeFuture().addListener(future -> channelClosed());
  }

  /**
   * Registers the channel with its loop, on the loop's thread: what Netty keeps for each thread
   * that touches a pipeline is more than the connection, and there may be as many threads.
   */
  void register() {
    if (loop.inEventLoop()) {
      addHandler();
      loop.register(channel);
    } else {
      loop.execute(this::register);
    }
  }

  /** Lets this have what arrives. */
  void addHandler() {
    channel.pipeline().addLast("socketserver", new StreamBridge(inbound, outbound));
  }

  private void channelClosed() {
    engine.closed(this);
    endAfterErrors();
    outbound.channelClosed();
    // at once, so that whoever waits for the engine to settle sees either all of it or nothing
    engine.release(share.getAndSet(Share.GONE) == Share.CLOSING);
  }

  /** Ends the stream in a later turn: who closes the channel for an error names it afterwards. */
  private void endAfterErrors() {
    try {
      loop.execute(inbound::end);
    } catch (RejectedExecutionException e) {
      // the loop has ended: nothing else can come
      inbound.end();
    }
  }

  @Override
  public ReadinessSource readiness() {
    return readiness;
  }

  /** What is ready, as tcp_poll of Linux has it. */
  private int ready() {
    boolean inputEnded = inbound.hasEnded() || inbound.isShutdown();
    boolean bothEnded = inputEnded && outbound.isShutdown();
    int ready = inbound.isReadable() ? ReadinessSource.IN : 0;
    ready |= outbound.mayWrite() ? ReadinessSource.OUT : 0;
    ready |= inputEnded ? ReadinessSource.RDHUP : 0;
    ready |= inbound.wasReset() || bothEnded ? ReadinessSource.HUP : 0;
    ready |= inbound.hasUntoldError() ? ReadinessSource.ERR : 0;
    return ready;
  }

  @Override
  public Executor eventLoop() {
    return loop;
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public void setOption(int level, int name, byte[] value) throws IOException {
    super.setOption(level, name, value);
    if (level == SocketConstants.SOL_SOCKET && name == SocketConstants.SO_LINGER) {
      outbound.lingerWasSet();
    }
  }

  /** Puts what was read elsewhere before all that will be read here; before the loop knows it. */
  void arrived(byte[] bytes) {
    if (bytes.length > 0) {
      inbound.add(Unpooled.wrappedBuffer(bytes));
    }
  }

  /** Writing was shut down before the loop knew the connection, which it does now. */
  void outputHasEnded() {
    outbound.shutdown();
  }

  /** For a descriptor that others have used. */
  void lingerMayBeSet() {
    outbound.lingerWasSet();
  }

  /** No other process has the descriptor, so that closing it is all that ending it takes. */
  void markAlone() {
    outbound.markAlone();
  }

  /**
   * Begins with a connection that was lost before the channel was made: what has arrived can be
   * read, and then the error is reported, which the system has no longer.
   */
  void beginLost(Socket socket, IOException error) {
    IOException lost = error;
    try {
      ByteBuf arrived = receive(socket);
      while (arrived != null) {
        inbound.add(arrived);
        arrived = receive(socket);
      }
    } catch (IOException | OutOfMemoryError e) {
      lost = ChannelErrors.ofReading(e);
    }
    outbound.fail(lost);
    inbound.fail(lost);
    addHandler();
    loop.register(channel).addListener(registered -> channel.close());
  }

  /** Receives what is there; null if that is nothing. */
  private ByteBuf receive(Socket socket) throws IOException {
    ByteBuf buffer = channel.alloc().directBuffer(FILE_CHUNK);
    int count = 0;
    try {
      count = socket.recv(buffer.internalNioBuffer(0, FILE_CHUNK), 0, FILE_CHUNK);
    } finally {
      if (count <= 0) {
        buffer.release();
      }
    }
    return count <= 0 ? null : buffer.writerIndex(count);
  }

  @Override
  public int fileno() {
    FileDescriptor descriptor = held;
    if (descriptor == null) {
      return super.fileno();
    }
    return descriptor.isOpen() ? descriptor.intValue() : -1;
  }

  @Override
  public boolean isOpen() {
    return life.get() == Life.OPEN;
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    checkConnected();
    return channel.remoteAddress();
  }

  @Override
  public SocketAddress peer() {
    return channel.remoteAddress();
  }

  @Override
  public int read(byte[] target, int offset, int length, long timeoutNanos, boolean peek)
      throws IOException {
    try {
      int count = inbound.read(target, offset, length, timeoutNanos, peek);
      outbound.answersNext();
      return count;
    } catch (ConnectionResetException e) {
      outbound.resetReported();
      throw e;
    }
  }

  @Override
  public boolean awaitReadable(long timeoutNanos) throws IOException {
    return inbound.awaitReadable(timeoutNanos);
  }

  @Override
  public int available() {
    return inbound.available();
  }

  @Override
  public int write(byte[] source, int offset, int length, long timeoutNanos) throws IOException {
    return write(source, offset, length, timeoutNanos, false);
  }

  @Override
  public int write(byte[] source, int offset, int length, long timeoutNanos, boolean more)
      throws IOException {
    try {
      boolean another = more || inbound.available() > 0;
      return outbound.write(source, offset, length, timeoutNanos, another);
    } catch (ConnectionResetException e) {
      inbound.resetReported();
      throw e;
    }
  }

  /** A call that writes to the descriptor itself without waiting; 0 if there was no room. */
  interface DirectWrite {
    int write() throws IOException;
  }

  /** Writes past the channel, on its loop, after all that was written before. */
  int sendDirectly(DirectWrite call, long timeoutNanos) throws IOException {
    StackSpace.reserveMuch();
    checkOpen();
    if (tlsEngine != null) {
      throw new IOException("cannot pass descriptors or urgent data over a tls connection");
    }
    long start = System.nanoTime();
    long pause = UnixSockets.firstPause();
    while (true) {
      outbound.write(new byte[0], 0, 0, timeoutNanos, false);
      int sent = writeOnLoop(call);
      if (sent > 0) {
        return sent;
      }
      if (timeoutNanos == 0) {
        throw new WouldBlockException("no room to write");
      }
      if (timeoutNanos != Endpoint.FOREVER && System.nanoTime() - start >= timeoutNanos) {
        throw new SocketTimeoutException("timed out");
      }
      pause = UnixSockets.pause(pause, "waiting to write");
    }
  }

  /** An interrupt does not end this, as it would hide what was sent. */
  private int writeOnLoop(DirectWrite call) throws IOException {
    try {
      return LoopCall.make(loop, () -> writeNow(call));
    } catch (IOException e) {
      throw ChannelErrors.of(e);
    }
  }

  @Override
  ChannelPipeline pipeline() {
    StackSpace.reserveMuch();
    outbound.loopOnly();
    // by then the library's own handler is there
    loop.submit(() -> {}).awaitUninterruptibly();
    return channel.pipeline();
  }

  @Override
  public byte receiveUrgent() {
    throw new UnsupportedOperationException(
        "an event loop reads this connection, and the system drops its urgent data: receive it"
            + " before anything has waited on the connection, or set SO_OOBINLINE");
  }

  @Override
  public void sendUrgent(byte value, long timeoutNanos) throws IOException {
    if (engine.mechanism().watchesDescriptors()) {
      Socket socket = (Socket) ((UnixChannel) channel).fd();
      sendDirectly(() -> UrgentData.send(socket, value), timeoutNanos);
    } else {
      StreamEndpoint.super.sendUrgent(value, timeoutNanos);
    }
  }

  private int writeNow(DirectWrite call) throws IOException {
    if (!channel.isOpen()) {
      throw isOpen() ? new BrokenPipeException("broken pipe: the connection is closed") : closed();
    }
    return outbound.isIdle() ? call.write() : 0;
  }

  @Override
  public void shutdownInput() throws IOException {
    StackSpace.reserve();
    checkConnected();
    inbound.shutdown();
  }

  @Override
  public void shutdownOutput() throws IOException {
    checkConnected();
    outbound.shutdown();
  }

  /** How many of the written bytes the system does not have yet. */
  long unsent() {
    return outbound.unsent();
  }

  /** Waits until what was written is with the system. */
  void awaitSent(long deadline) {
    try {
      outbound.awaitSent(deadline);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    StackSpace.reserve();
    life.compareAndSet(Life.OPEN, Life.CLOSING);
    if (life.get() == Life.CLOSING) {
      // whoever comes after an Error does all of it again
      inbound.close();
      countClosing();
      outbound.close();
      life.set(Life.CLOSED);
    } else {
      closeHeld();
    }
  }

  /** Closes the copy of a descriptor that another process has, too; once. */
  private synchronized void closeHeld() {
    if (held != null) {
      try {
        held.close();
      } catch (IOException e) {
        throw new UncheckedIOException("closing the connection failed", e);
      }
    }
  }

  @Override
  public void awaitSent() {
    channel.closeFuture().awaitUninterruptibly();
  }

  private void countClosing() {
    if (share.get() != Share.OPEN) {
      return;
    }
    engine.closing();
    if (!share.compareAndSet(Share.OPEN, Share.CLOSING)) {
      engine.notClosing();
    }
  }

  private void checkConnected() throws IOException {
    checkOpen();
    boolean bothEnded = inbound.hasEnded() && outbound.isShutdown();
    if (!channel.isActive() || inbound.wasReset() || bothEnded) {
      throw lost();
    }
  }

  // Files

  @Override
  public long transferFrom(FileChannel file, long position, long count, long timeoutNanos)
      throws IOException {
    StackSpace.reserveMuch();
    boolean plain = tlsEngine == null;
    return plain && engine.mechanism().sendsFiles()
        ? sendRegion(file, position, count, timeoutNanos)
        : sendCopy(file, position, count, timeoutNanos);
  }

  /** Lets the system copy the file. A transfer that takes too long cannot be taken back. */
  private long sendRegion(FileChannel file, long position, long count, long timeoutNanos)
      throws IOException {
    checkOpen();
    OpenFileRegion region = new OpenFileRegion(file, position, count);
    outbound.passingBegins();
    ChannelFuture[] sent = new ChannelFuture[1];
    Future<?> begun =
        loop.submit(
            () -> {
              outbound.drain();
              sent[0] = channel.writeAndFlush(region);
              sent[0].addListener(future -> outbound.passingEnds());
            });
    if (!Waiting.await(begun, timeoutNanos, loop) && begun.cancel(false)) {
      outbound.passingEnds();
      region.release();
      throw new SocketTimeoutException("timed out: 0 of " + count + " bytes of the file sent");
    }
    begun.awaitUninterruptibly();
    if (!begun.isSuccess()) {
      abort();
      throw ChannelErrors.ofWriting(begun.cause());
    }
    if (!Waiting.await(sent[0], timeoutNanos, loop)) {
      outbound.loopOnly();
      closeChannel();
      throw new SocketTimeoutException(
          "timed out: " + region.transferred() + " of " + count + " bytes of the file sent");
    }
    if (!sent[0].isSuccess()) {
      throw ChannelErrors.ofWriting(sent[0].cause());
    }
    return count;
  }

  private long sendCopy(FileChannel file, long position, long count, long timeoutNanos)
      throws IOException {
    byte[] chunk = new byte[(int) Math.min(FILE_CHUNK, count)];
    long deadline = System.nanoTime() + timeoutNanos;
    long sent = 0;
    while (sent < count) {
      int most = (int) Math.min(chunk.length, count - sent);
      int read = file.read(ByteBuffer.wrap(chunk, 0, most), position + sent);
      if (read < 0) {
        break;
      }
      int written = 0;
      while (written < read) {
        long left = timeoutNanos < 0 ? timeoutNanos : Math.max(deadline - System.nanoTime(), 1);
        written += outbound.write(chunk, written, read - written, left, true);
      }
      sent += read;
    }
    return sent;
  }

  /** A part of a file that stays open: it is the caller's. */
  private static final class OpenFileRegion extends DefaultFileRegion {
    OpenFileRegion(FileChannel file, long position, long count) {
      super(file, position, count);
    }

    @Override
    protected void deallocate() {}
  }

  // TLS

  @Override
  public void startTls(SSLEngine tls, byte[] unread, long deadlineNanos) throws IOException {
    StackSpace.reserveMuch();
    checkOpen();
    if (tlsEngine != null) {
      throw new SSLException("tls has already started on this connection");
    }
    tlsEngine = tls;
    outbound.loopOnly();
    try {
      new TlsHandshake(channel, loop, inbound, outbound, engine.tlsHandler(tls, deadlineNanos))
          .start(unread);
    } catch (IOException e) {
      boolean closedMeanwhile = !isOpen();
      abort();
      throw closedMeanwhile ? closed() : e;
    }
  }

  /** Closes the channel on its loop, which may not have registered it yet. */
  private void closeChannel() {
    try {
      loop.execute(channel::close);
    } catch (RejectedExecutionException e) {
      // the loop has ended, and has closed its channels
    }
  }

  private void abort() {
    if (life.compareAndSet(Life.OPEN, Life.CLOSING)) {
      countClosing();
    }
    inbound.close();
    outbound.fail(closed());
    closeChannel();
    life.compareAndSet(Life.CLOSING, Life.CLOSED);
  }

  @Override
  public boolean tlsWasCut() {
    return tlsEngine != null && inbound.wasCut();
  }

  @Override
  public SSLSession tlsSession() {
    SSLEngine tls = tlsEngine;
    return tls == null ? null : tls.getSession();
  }

  @Override
  public String applicationProtocol() {
    SSLEngine tls = tlsEngine;
    String chosen = tls == null ? null : tls.getApplicationProtocol();
    return chosen == null || chosen.isEmpty() ? null : chosen;
  }

  // Another owner of the descriptor

  @Override
  public int detach() throws IOException {
    int fd = leaveLoop(false).intValue();
    inbound.close();
    return fd;
  }

  @Override
  public byte[] handOver() throws IOException {
    leaveLoop(true);
    return inbound.takeBytes();
  }

  /**
   * Stops using the connection without closing it, when all that was written has been sent.
   *
   * @param handOver whether the descriptor stays to be closed, and what nobody read to be taken
   * @return the descriptor
   */
  private FileDescriptor leaveLoop(boolean handOver) throws IOException {
    StackSpace.reserveMuch();
    checkOpen();
    if (!engine.mechanism().adoptsDescriptors()) {
      throw new UnsupportedOperationException(
          "the " + engine.mechanism().name() + " transport has no descriptors to give away");
    }
    if (tlsEngine != null) {
      throw new IOException("cannot give a tls connection away: its state would be lost");
    }
    outbound.drainAndAwait();
    FileDescriptor descriptor = ((UnixChannel) channel).fd();
    synchronized (this) {
      fallSilent(handOver);
      if (!life.compareAndSet(Life.OPEN, Life.CLOSED)) {
        throw closed();
      }
      channel.deregister().awaitUninterruptibly();
      if (share.getAndSet(Share.GONE) == Share.GONE) {
        throw lost();
      }
      held = handOver ? descriptor : null;
    }
    engine.closed(this);
    engine.release();
    return descriptor;
  }

  private void fallSilent(boolean unread) throws IOException {
    boolean silent;
    try {
      silent = LoopCall.make(loop, () -> endBoth(unread));
    } catch (RejectedExecutionException e) {
      throw lost();
    }
    if (!silent) {
      throw new IOException(
          "cannot detach: " + inbound.available() + " bytes have arrived that nobody read");
    }
  }

  /** Ends reading and writing, unless something would be lost by that. On the event loop. */
  private boolean endBoth(boolean unread) {
    channel.config().setAutoRead(false);
    if (!unread && inbound.available() > 0) {
      channel.config().setAutoRead(!inbound.hasEnded());
      return false;
    }
    outbound.fail(closed());
    return true;
  }

  private static SocketException lost() {
    return new SocketException("transport endpoint is not connected");
  }
}
