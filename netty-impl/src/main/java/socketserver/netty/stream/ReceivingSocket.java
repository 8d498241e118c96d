package socketserver.netty.stream;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.NotYetConnectedException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import socketserver.ReceivedFds;
import socketserver.WouldBlockException;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.loop.Engine;
import socketserver.netty.loop.Readiness;
import socketserver.spi.EarlyClasses;
import socketserver.spi.StackSpace;
import socketserver.spi.TimeLeft;

/** What is received from a stream socket: by a system call, or through a pipeline. */
abstract class ReceivingSocket extends ConnectingSocket {
  /** How much is received to tell how much has arrived: it is memory that nobody asked for. */
  private static final int MOST_LOOKED_AT = 8 << 10;

  static {
    EarlyClasses.initialize(MethodHandles.lookup(), List.of(WaitTimes.class));
  }

  final Input input = new Input();
  private final WaitTimes waits = new WaitTimes();

  /** Made with the socket, where there is stack to link it. */
  private final BooleanSupplier mayReadNow = this::mayRead;

  /** Guarded by state for writing: null as long as there is no pipeline. */
  volatile StreamChannel channel;

  /** Written by who takes the descriptor away: readers are to let go of it. */
  volatile boolean handsOff;

  ReceivingSocket(
      Engine engine,
      StreamCalls calls,
      boolean connected,
      SocketAddress local,
      SocketAddress peer) {
    super(engine, calls, connected, local, peer);
  }

  /** Whoever waits to read may wait for an answer to what was written. */
  abstract void flushBeforeWaiting();

  /** Takes what is there. */
  interface Taking<T> {
    /** Returns null if there is nothing. */
    T take() throws IOException;
  }

  /** Takes something, waiting for it. With reading held. */
  final <T> T takeOrWait(Taking<T> taking, int wished, long timeoutNanos, long start)
      throws IOException {
    boolean over = timeoutNanos == 0;
    if (over) {
      input.mayHaveMore();
    }
    while (true) {
      T taken = takeNow(taking, wished);
      if (taken != null) {
        return taken;
      }
      if (over) {
        throw timeoutNanos == 0
            ? new WouldBlockException("nothing has arrived")
            : new SocketTimeoutException("timed out");
      }
      flushBeforeWaiting();
      over = !awaitInput(awaitConnected(timeoutNanos, start));
      input.mayHaveMore();
    }
  }

  final <T> T takeNow(Taking<T> taking) throws IOException {
    return takeNow(taking, 1);
  }

  /** Takes what is there; a pipeline is to have so much, if there is as much. */
  final <T> T takeNow(Taking<T> taking, int wished) throws IOException {
    StreamChannel piped = channel;
    checkReadable();
    try {
      return piped == null
          ? taking.take()
          : onChannel(
              piped,
              () -> {
                receive(piped, wished);
                // the end that closing makes is not one of the stream
                checkReadable();
                return taking.take();
              });
    } catch (IOException | NotYetConnectedException e) {
      throw closed ? ChannelErrors.closed() : failed(e, true);
    } finally {
      // without a descriptor the event that told of it was an event loop's
      if (piped == null && input.takeNews() && calls.hasDescriptor()) {
        source.changed();
      }
      readiness.taken();
    }
  }

  private void checkReadable() throws IOException {
    if (closed || handsOff) {
      throw ChannelErrors.closed();
    }
  }

  /** Waits until there may be something to read; false if the time is over. */
  final boolean awaitInput(long timeoutNanos) throws IOException {
    StreamChannel piped = channel;
    int events = piped == null ? Readiness.READ : onChannel(piped, () -> events(piped));
    waits.readerWaits();
    try {
      return (events & Readiness.READ) != 0
          ? readiness.await(events, timeoutNanos, mayReadNow)
          : readiness.await(events, timeoutNanos, () -> mayRead() || piped.wantsRead());
    } finally {
      waits.readerGoesOn();
    }
  }

  @Override
  public final long readerWaitsSince() {
    return waits.reader();
  }

  /** Has whoever writes wait for the peer; false if the time is over. */
  final boolean awaitForWriter(int events, long timeoutNanos, BooleanSupplier ended)
      throws IOException {
    waits.writerWaits();
    try {
      return readiness.await(events, timeoutNanos, ended);
    } finally {
      waits.writerGoesOn();
    }
  }

  @Override
  public final long writerWaitsSince() {
    return waits.writer();
  }

  static int events(StreamChannel piped) {
    return (piped.wantsRead() ? Readiness.READ : 0) | (piped.hasUnsent() ? Readiness.WRITE : 0);
  }

  final boolean mayRead() {
    return closed || gone || handsOff || input.isReadable();
  }

  /** Has a pipeline receive until there is enough to take, or nothing more. On its loop. */
  final void receive(StreamChannel piped, int wished) {
    if (piped.hasUnsent()) {
      piped.unsafe().flush();
    }
    boolean more = true;
    while (more && (input.size() < wished && !input.hasEnded() && !input.hasFailed())) {
      if (!piped.wantsRead()) {
        piped.pipeline().read();
      }
      more = piped.readOnce();
    }
  }

  static <T> T onChannel(StreamChannel piped, Callable<T> call) throws IOException {
    return piped.strand().call(call);
  }

  @Override
  public final int read(byte[] target, int offset, int length, long timeoutNanos, boolean peek)
      throws IOException {
    long start = timeoutNanos > 0 ? System.nanoTime() : 0;
    enter(reading, timeoutNanos);
    try {
      return takeOrWait(
          () -> take(target, offset, length, peek), peek ? length : 1, timeoutNanos, start);
    } finally {
      leave(reading);
    }
  }

  final Integer take(byte[] target, int offset, int length, boolean peek) throws IOException {
    int count;
    if (channel != null) {
      count = input.take(target, offset, length, peek);
    } else if (peek) {
      input.look(calls, length);
      count = input.take(target, offset, length, true);
    } else {
      count = input.read(calls, readiness, target, offset, length);
    }
    return count == 0 ? null : (Integer) count;
  }

  @Override
  public final byte[] receive(int most, long timeoutNanos) throws IOException {
    long start = timeoutNanos > 0 ? System.nanoTime() : 0;
    enter(reading, timeoutNanos);
    try {
      return takeOrWait(
          () -> channel != null ? input.receive(most) : input.read(calls, readiness, most),
          1,
          timeoutNanos,
          start);
    } finally {
      leave(reading);
    }
  }

  @Override
  public final boolean awaitReadable(long timeoutNanos) throws IOException {
    StackSpace.reserveMuch();
    long start = timeoutNanos > 0 ? System.nanoTime() : 0;
    try {
      enter(reading, timeoutNanos);
    } catch (SocketTimeoutException | WouldBlockException e) {
      checkOpen();
      return false;
    }
    try {
      long left = awaitConnected(timeoutNanos, start);
      Boolean readable = takeNow(this::looksReadable);
      while (readable == null) {
        flushBeforeWaiting();
        if (!awaitInput(left)) {
          return takeNow(this::looksReadable) != null;
        }
        readable = takeNow(this::looksReadable);
        left = TimeLeft.of(timeoutNanos, start);
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      leave(reading);
    }
  }

  /** True if a read would find something; null if not. */
  final Boolean looksReadable() throws IOException {
    boolean readable = input.isReadable();
    if (!readable && channel == null) {
      int ready = readiness.check(Readiness.READ);
      if (ready == Readiness.CANNOT_ASK) {
        look();
      }
      readable = ready == Readiness.READ || input.isReadable();
    }
    return readable ? Boolean.TRUE : null;
  }

  /** Zero while somebody else reads: he takes it. */
  @Override
  public final int available() {
    StackSpace.reserve();
    if (closed || !reading.tryLock()) {
      return 0;
    }
    try {
      takeNow(
          () -> {
            if (channel == null) {
              look();
            }
            return null;
          },
          MOST_LOOKED_AT);
      return input.size();
    } catch (IOException e) {
      return input.size();
    } finally {
      leave(reading);
    }
  }

  /** Receives what is there; nothing for what descriptors may come with. */
  void look() throws IOException {
    input.look(calls, MOST_LOOKED_AT);
  }

  @Override
  public final byte receiveUrgent() throws IOException {
    StackSpace.reserveMuch();
    enter(reading, FOREVER);
    try {
      checkOpen();
      if (channel != null) {
        throw new UnsupportedOperationException("no urgent data through a pipeline");
      }
      return calls.receiveUrgent(input);
    } finally {
      leave(reading);
    }
  }

  protected final ReceivedFds receiveDescriptors(int size, int maxFds, long timeoutNanos)
      throws IOException {
    StackSpace.reserveMuch();
    long start = timeoutNanos > 0 ? System.nanoTime() : 0;
    enter(reading, timeoutNanos);
    try {
      if (channel != null) {
        throw new IOException("no descriptors come through a pipeline");
      }
      return takeOrWait(
          () -> {
            if (input.isReadable()) {
              // they came without a descriptor, or it is lost: as with MSG_PEEK in recvmsg(2)
              return new ReceivedFds(input.receive(size), List.of(), () -> {});
            }
            ReceivedFds received = calls.receiveFds(size, maxFds);
            if (received != null && received.data().length == 0) {
              input.end();
            }
            return received;
          },
          1,
          timeoutNanos,
          start);
    } finally {
      leave(reading);
    }
  }
}
