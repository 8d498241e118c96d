package socketserver.diesel.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much memory all connections of the process may hold together: what has arrived and nobody has
 * read, and what was written and has not left. Each connection has limits of its own, but within
 * these thousands of peers that do not read would use up the memory.
 *
 * <p>It counts, and says whether there is room; nobody waits here. Without room a connection still
 * has its {@linkplain #SHARE share} in each direction, which is not counted. So each goes on at the
 * speed of its own peer and its own handler, whatever the others do: a channel reads when its
 * handler has taken what there was, and a writer writes when its peer has taken what there was.
 * That is why nobody has to be woken when there is room again, and why no connection can block
 * another.
 *
 * <p>On any thread, without a lock. A connection within its share touches nothing that others use.
 */
public final class Budget {
  /** How many bytes each connection may hold in each direction, whatever the others do. */
  public static final int SHARE = 4 << 10;

  private static final Logger LOGGER = LoggerFactory.getLogger(Budget.class);
  private static final String PROPERTY = "socketserver.maxBuffered";
  private static final long REPORT_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final Budget OF_PROCESS = new Budget(Long.getLong(PROPERTY, memory() / 4));

  private final long most;

  /** What connections hold beyond their shares, in bytes. */
  private final AtomicLong held = new AtomicLong();

  /** There was no room; until half of it is free again. */
  private final AtomicBoolean exhausted = new AtomicBoolean();

  /** Written by whoever has set exhausted: when the log was told. */
  private volatile long reported = System.nanoTime() - REPORT_NANOS;

  private Budget(long most) {
    this.most = most;
  }

  /** The memory of the heap or that for direct buffers, whichever is less. */
  private static long memory() {
    long direct = PlatformDependent.estimateMaxDirectMemory();
    long netty = PlatformDependent.maxDirectMemory();
    return Math.min(Runtime.getRuntime().maxMemory(), netty > 0 ? Math.min(direct, netty) : direct);
  }

  /**
   * Returns the budget that all connections of the process share.
   *
   * @return a budget of so many bytes as the property {@code socketserver.maxBuffered} says; of a
   *     quarter of the memory, unless that is set
   */
  public static Budget ofProcess() {
    return OF_PROCESS;
  }

  /**
   * Notes that a connection holds more, or less, in one direction.
   *
   * @param before how many bytes it held
   * @param after how many it holds now
   */
  public void changed(long before, long after) {
    long change = Math.max(after, SHARE) - Math.max(before, SHARE);
    if (change != 0) {
      long now = held.addAndGet(change);
      if (now < most / 2 && exhausted.get()) {
        exhausted.set(false);
      }
    }
  }

  /**
   * Asks whether a connection may hold more in one direction.
   *
   * @param holds how many bytes it holds
   * @return false if it has to wait until it holds less
   */
  public boolean hasRoom(long holds) {
    return holds < SHARE || held.get() < most;
  }

  /** Lets the log say that there is no room: once, and again only if there was room meanwhile. */
  public void report() {
    if (exhausted.get() || !exhausted.compareAndSet(false, true)) {
      return;
    }
    long now = System.nanoTime();
    if (now - reported >= REPORT_NANOS) {
      reported = now;
      LOGGER.warn(
          "connections hold {} bytes that nobody has read or that have not left yet: until it is"
              + " less, each reads and writes only as fast as its peer and its handler do;"
              + " -D{}=... sets the limit",
          held.get(),
          PROPERTY);
    }
  }

  /**
   * Lets a channel read small pieces while there is no room. Before the channel is registered.
   *
   * @param channel a channel of a stream
   */
  public void limitReads(Channel channel) {
    int mostReads = channel.metadata().defaultMaxMessagesPerRead();
    channel.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, new BudgetedReads(this, mostReads));
  }
}
