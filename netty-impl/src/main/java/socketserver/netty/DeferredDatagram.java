package socketserver.netty;

import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import socketserver.Datagram;
import socketserver.WouldBlockException;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StackSpace;

/**
 * A datagram socket whose callers send and receive by system call, so that a datagram costs no
 * change of threads; an event loop tells those who wait. It becomes a {@link NettyDatagram} when
 * somebody asks for its pipeline.
 */
final class DeferredDatagram extends DirectDatagram {
  /**
   * How often a receiver that was busy looks again before it waits: to be woken costs more than to
   * look for a few microseconds, in which a busy client has sent the next one.
   */
  private static final int LOOKS = 30;

  private final DatagramFamily family;
  private final int longest;

  /** What {@link #awaitReadable} has received to see that something is there. */
  private final Queue<Datagram> ahead = new ConcurrentLinkedQueue<>();

  /** How many threads wait in {@link #receive}. */
  private final AtomicInteger receivers = new AtomicInteger();

  private final AtomicBoolean wakeup = new AtomicBoolean();

  /**
   * Whether the last datagram came right after another. Whoever receives reads and writes it: only
   * a guess hangs on it.
   */
  private boolean busy;

  /** Whether the last look found a datagram. As {@link #busy}. */
  private boolean found;

  /** Written by any thread: how long the datagrams may be that are received ahead. */
  private volatile int expected;

  /** It is becoming what is {@link #running}. Guarded by this for writing. */
  private volatile boolean starting;

  /** What it has become, or null. Guarded by this for writing. */
  private volatile NettyDatagram running;

  /** Opens a socket, which takes over a share of the engine. */
  DeferredDatagram(Engine engine, DatagramFamily family) {
    super(engine, family.open(), family.calls());
    this.family = family;
    this.longest = family.calls().longest();
    this.expected = family.usual();
  }

  /** For {@link Pipelines}: from now on everything goes through a channel. */
  ChannelPipeline pipeline() {
    try {
      return started().pipeline();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized NettyDatagram started() throws IOException {
    if (running == null) {
      checkOpen();
      StackSpace.reserveMuch();
      starting = true;
      try {
        // two loops must not wait for one descriptor, and one cannot do so twice
        forget();
        readiness().leave();
        Engine share = engine().share();
        try {
          running = family.begin(share, socket(), datagrams());
          readiness().become(running.readiness());
        } finally {
          if (running == null) {
            share.release();
            readiness().stay();
          }
        }
        running.expect(expected);
      } finally {
        starting = false;
      }
    }
    return running;
  }

  /** What this has become, or null; waits if it is just becoming that. */
  private NettyDatagram running() {
    if (starting) {
      synchronized (this) {
        return running;
      }
    }
    return running;
  }

  /** What was received ahead, to see that something is there. */
  @Override
  int readyBefore() {
    return ahead.isEmpty() ? 0 : ReadinessSource.IN;
  }

  @Override
  public void expect(int size) {
    expected = Math.min(size, longest);
    NettyDatagram channel = running();
    if (channel != null) {
      channel.expect(size);
    }
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    NettyDatagram channel = running();
    if (channel != null) {
      channel.bind(address);
      return;
    }
    datagrams()
        .call(
            socket -> {
              family.bind(socket, address);
              return null;
            });
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    NettyDatagram channel = running();
    return channel != null ? channel.localAddress() : super.localAddress();
  }

  @Override
  public void send(byte[] data, int offset, int length, SocketAddress target, long timeoutNanos)
      throws IOException {
    NettyDatagram channel = running();
    if (channel != null) {
      channel.send(data, offset, length, target, timeoutNanos);
    } else {
      super.send(data, offset, length, target, timeoutNanos);
    }
  }

  @Override
  public Datagram receive(int size, long timeoutNanos) throws IOException {
    if (size > expected) {
      expect(size);
    }
    int looks = timeoutNanos != 0 ? LOOKS : 1;
    Datagram datagram = tryReceive(size, looks);
    if (datagram != null) {
      return datagram;
    }
    if (timeoutNanos == 0 && running() == null) {
      throw new WouldBlockException("nothing has arrived");
    }
    receivers.incrementAndGet();
    try {
      return awaitDatagram(size, timeoutNanos);
    } finally {
      receivers.decrementAndGet();
    }
  }

  @Override
  public Datagram peek(int size, long timeoutNanos) throws IOException {
    if (size > expected) {
      expect(size);
    }
    long start = System.nanoTime();
    while (true) {
      Datagram first = ahead.peek();
      if (first != null) {
        return first.data().length <= size
            ? first
            : new Datagram(Arrays.copyOf(first.data(), size), first.address());
      }
      if (running() != null) {
        throw new UnsupportedOperationException(
            "a socket whose pipeline was asked for cannot look at a datagram ahead");
      }
      long left = left(timeoutNanos, start);
      if (!awaitReadable(left) && (left == 0 || left(timeoutNanos, start) == 0)) {
        throw timeoutNanos == 0
            ? new WouldBlockException("nothing has arrived")
            : new SocketTimeoutException("timed out");
      }
    }
  }

  private Datagram tryReceive(int size, int looks) throws IOException {
    Datagram datagram = ahead.poll();
    if (datagram == null && running() == null) {
      datagram = look(size, looks);
    }
    return datagram == null ? null : cut(size, datagram);
  }

  private Datagram look(int size, int looks) throws IOException {
    Datagram datagram = datagrams().receive(size, busy ? looks : 1);
    busy = found && datagram != null;
    found = datagram != null;
    return datagram;
  }

  private Datagram awaitDatagram(int size, long timeoutNanos) throws IOException {
    long start = System.nanoTime();
    while (true) {
      NettyDatagram channel = running();
      if (channel != null) {
        return channel.receive(size, left(timeoutNanos, start));
      }
      if (!await(left(timeoutNanos, start), this::lookAgain)) {
        throw new SocketTimeoutException("timed out");
      }
      Datagram datagram = tryReceive(size, 1);
      if (datagram != null) {
        return datagram;
      }
    }
  }

  @Override
  public boolean awaitReadable(long timeoutNanos) throws IOException {
    long start = System.nanoTime();
    while (ahead.isEmpty()) {
      NettyDatagram channel = running();
      if (channel != null) {
        return channel.awaitReadable(left(timeoutNanos, start));
      }
      Datagram datagram = look(expected, timeoutNanos != 0 ? LOOKS : 1);
      if (datagram != null) {
        add(datagram);
        return true;
      }
      if (wakeup.getAndSet(false)) {
        return false;
      }
      long left = left(timeoutNanos, start);
      if (left == 0 || !await(left, () -> wakeup.get() || lookAgain())) {
        return false;
      }
    }
    return true;
  }

  /** Whether there is something to see for who waits for the descriptor. */
  private boolean lookAgain() {
    return starting || running != null || !ahead.isEmpty();
  }

  private void add(Datagram datagram) {
    ahead.add(datagram);
    readiness().changed();
    if (receivers.get() > 0) {
      // it may be the last for a long time
      nudge();
    }
  }

  @Override
  public void wakeup() {
    wakeup.set(true);
    nudge();
    NettyDatagram channel = running();
    if (channel != null) {
      channel.wakeup();
    }
  }

  @Override
  void closeDescriptor() throws IOException {
    NettyDatagram channel = running();
    if (channel != null) {
      channel.close();
    } else {
      super.closeDescriptor();
    }
  }
}
