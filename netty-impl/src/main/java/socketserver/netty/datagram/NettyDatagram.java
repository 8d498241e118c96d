package socketserver.netty.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import socketserver.Datagram;
import socketserver.Errno;
import socketserver.WouldBlockException;
import socketserver.netty.Pipelines;
import socketserver.netty.ground.Backoff;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.loop.Engine;
import socketserver.netty.loop.Readiness;
import socketserver.netty.socket.AwaitedSocket;
import socketserver.netty.socket.Strand;
import socketserver.netty.stream.NettyStream;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StackSpace;
import socketserver.spi.TimeLeft;

/**
 * A datagram socket. Whoever sends or receives makes the system call himself. No event tells when
 * there is room to send again: who waits for that asks again, less and less often.
 *
 * <p>With handlers before the blocking side there is a {@link PacketChannel} between this and the
 * system calls, as with {@link NettyStream}.
 */
public final class NettyDatagram extends AwaitedSocket<DatagramCalls> implements DatagramEndpoint {
  /** Whether other processes have the socket, too: nothing is taken that nobody asks for. */
  private final boolean isShared;

  private final CutDatagrams cut = new CutDatagrams();

  /** What was received to see that it is there, or came through the pipeline. */
  private final Deque<Datagram> arrived = new ConcurrentLinkedDeque<>();

  /** Written by any thread: how long the datagrams may be that are received ahead. */
  private volatile int expected;

  /** Guarded by state for writing: null as long as there is no pipeline. */
  private volatile PacketChannel channel;

  /**
   * Takes over a socket.
   *
   * @param engine the engine, of which this takes a share until the descriptor is gone
   * @param isShared whether other processes receive from it, too
   */
  public NettyDatagram(Engine engine, DatagramCalls calls, boolean isShared) {
    super(engine, calls);
    this.isShared = isShared;
    this.expected = calls.usual();
  }

  @Override
  protected int readyHere() {
    return arrived.isEmpty() ? 0 : ReadinessSource.IN;
  }

  @Override
  public Executor eventLoop() {
    // whoever asks is about to run the handler there
    readiness.stayOnLoop();
    return loop;
  }

  @Override
  public void expect(int size) {
    expected = Math.min(size, calls.longest());
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    StackSpace.reserveMuch();
    ask(
        () -> {
          calls.bind(address);
          return null;
        });
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    StackSpace.reserveMuch();
    return ask(calls::localAddress);
  }

  @Override
  public void connect(SocketAddress target) throws IOException {
    StackSpace.reserveMuch();
    ask(
        () -> {
          calls.connect(target);
          return null;
        });
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    StackSpace.reserveMuch();
    SocketAddress peer = ask(calls::remoteAddress);
    if (peer == null) {
      throw new SocketException(Errno.strerror(Errno.ENOTCONN));
    }
    return peer;
  }

  // Receiving

  @Override
  public Datagram receive(int size, long timeoutNanos) throws IOException {
    return take(size, timeoutNanos, false);
  }

  @Override
  public Datagram peek(int size, long timeoutNanos) throws IOException {
    Datagram first = take(size, timeoutNanos, true);
    return first.data().length <= size
        ? first
        : new Datagram(Arrays.copyOf(first.data(), size), first.address());
  }

  private Datagram take(int size, long timeoutNanos, boolean peek) throws IOException {
    long start = timeoutNanos > 0 ? System.nanoTime() : 0;
    if (size > expected) {
      expect(size);
    }
    enter(reading, timeoutNanos);
    try {
      boolean over = timeoutNanos == 0;
      while (true) {
        checkOpen();
        Datagram datagram = takeNow(peek ? expected : size);
        if (datagram != null && peek) {
          putBack(datagram);
          return datagram;
        }
        if (datagram != null) {
          return cut.atMost(size, datagram);
        }
        if (over) {
          throw nothingArrived(timeoutNanos);
        }
        over =
            !readiness.await(
                Readiness.READ,
                TimeLeft.of(timeoutNanos, start),
                () -> closed || !arrived.isEmpty());
      }
    } finally {
      reading.unlock();
      closeIfEnding();
    }
  }

  /** With reading held. */
  private Datagram takeNow(int size) throws IOException {
    Datagram first = arrived.poll();
    if (first != null) {
      return first;
    }
    PacketChannel piped = channel;
    try {
      return piped == null ? calls.receive(size) : piped.strand().call(() -> receive(piped, size));
    } catch (IOException e) {
      throw closed ? ChannelErrors.closed() : e;
    } finally {
      readiness.taken();
    }
  }

  /** Has the pipeline receive until there is something to take, or nothing more. On its loop. */
  private Datagram receive(PacketChannel piped, int size) throws IOException {
    boolean more = true;
    while (more && arrived.isEmpty()) {
      if (!piped.wantsRead()) {
        piped.pipeline().read();
      }
      more = piped.readOnce(Math.max(size, expected));
    }
    return arrived.poll();
  }

  private void putBack(Datagram datagram) {
    arrived.addFirst(datagram);
    source.changed();
  }

  /** Something has come through the pipeline. */
  private void add(Datagram datagram) {
    arrived.add(datagram);
    readiness.wake();
    source.changed();
  }

  @Override
  protected boolean isDirect() {
    return channel == null;
  }

  @Override
  protected boolean hasArrived() throws IOException {
    if (!arrived.isEmpty()) {
      return true;
    }
    Datagram datagram = isShared && isDirect() ? null : takeNow(expected);
    if (datagram != null) {
      putBack(datagram);
    }
    return datagram != null;
  }

  // Sending

  @Override
  public void send(byte[] data, int offset, int length, long timeoutNanos) throws IOException {
    send(data, offset, length, null, timeoutNanos);
  }

  @Override
  public void send(byte[] data, int offset, int length, SocketAddress target, long timeoutNanos)
      throws IOException {
    StackSpace.reserve();
    PacketChannel piped = channel;
    if (piped != null) {
      sendPiped(piped, Arrays.copyOfRange(data, offset, offset + length), target, timeoutNanos);
    } else if (!sendNow(data, offset, length, target)) {
      awaitRoom(() -> sendNow(data, offset, length, target), target, timeoutNanos);
    }
  }

  /** Without a wait, so that whose queue is full keeps nobody from sending to others. */
  private boolean sendNow(byte[] data, int offset, int length, SocketAddress target)
      throws IOException {
    writing.lock();
    try {
      checkOpen();
      return calls.send(data, offset, length, target);
    } finally {
      // itself, as others send with it; whoever closes waits for it
      writing.unlock();
    }
  }

  /** Tries to send, and returns whether that was done. */
  private void awaitRoom(Call<Boolean> attempt, SocketAddress target, long timeoutNanos)
      throws IOException {
    String full = "the queue of " + (target == null ? "the peer" : target) + " is full";
    long start = System.nanoTime();
    Backoff backoff = new Backoff();
    do {
      long left = TimeLeft.of(timeoutNanos, start);
      if (left == 0) {
        throw timeoutNanos == 0
            ? new WouldBlockException(full)
            : new SocketTimeoutException("timed out: " + full);
      }
      backoff.await("waiting to send: " + full);
    } while (!attempt.make());
  }

  private void sendPiped(PacketChannel piped, byte[] data, SocketAddress target, long timeoutNanos)
      throws IOException {
    checkOpen();
    ByteBuf content = Unpooled.wrappedBuffer(data);
    Object message = target == null ? content : calls.packet(content, target, null);
    Strand strand = piped.strand();
    ChannelFuture sent = strand.call(() -> piped.writeAndFlush(message));
    Call<Boolean> attempt =
        () ->
            strand.call(
                () -> {
                  piped.unsafe().flush();
                  return sent.isDone();
                });
    try {
      if (!sent.isDone()) {
        awaitRoom(attempt, target, timeoutNanos);
      }
    } catch (IOException e) {
      strand.call(() -> piped.dropUnsent(e));
      throw e;
    }
    Throwable cause = sent.cause();
    if (cause != null) {
      boolean isOurs = cause instanceof IOException && !(cause instanceof ClosedChannelException);
      throw closed
          ? ChannelErrors.closed()
          : isOurs ? (IOException) cause : ChannelErrors.of(cause);
    }
  }

  // The pipeline

  /** For {@link Pipelines}. */
  public ChannelPipeline pipeline() {
    StackSpace.reserveMuch();
    try {
      if (channel == null) {
        ask(this::makeChannel);
        // who waits is to wait for what comes through it
        readiness.wake();
      }
      return channel.pipeline();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Void makeChannel() throws IOException {
    if (channel == null) {
      PacketChannel made =
          new PacketChannel(calls, readiness::wake, this::channelClosed, this::add);
      ChannelFuture registered = new Strand(loop).register(made);
      if (!registered.isSuccess()) {
        throw ChannelErrors.failed("cannot make a pipeline", registered.cause());
      }
      channel = made;
    }
    return null;
  }

  private void channelClosed() {
    closed = true;
    ending = true;
    readiness.wake();
    if (!reading.isHeldByCurrentThread()) {
      letGo();
    }
  }

  @Override
  public void close() {
    PacketChannel piped = channel;
    if (piped != null && !closed) {
      piped.eventLoop().execute(piped::close);
    }
    super.close();
  }
}
