package socketserver.diesel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be sent on a stream (Python: {@code Pipeline}). It gives its channel no more than that
 * takes at a time; what remains is ordered by priority, and may be overtaken. After a piece that
 * could not be sent none is: the connection is reset. On the event loop.
 */
final class Outgoing {
  private static final Logger LOGGER = LoggerFactory.getLogger(Outgoing.class);

  /** Smaller pieces are sent together up to this size, in bytes. */
  private static final int CHUNK = 32 << 10;

  /** How long a connection that is to close may stand still. */
  private static final long STALLED_SECONDS = 30;

  private final Channel channel;

  private final Backlog backlog;

  /** The highest priority first; no queue is empty. */
  private final TreeMap<Integer, Queue<Piece>> pieces = new TreeMap<>(Comparator.reverseOrder());

  /** To close when all has left, and nothing else to come before that. */
  private boolean closing;

  private boolean ending;

  Outgoing(Channel channel, Backlog backlog) {
    this.channel = channel;
    this.backlog = backlog;
  }

  void add(List<Piece> batch) {
    if (!channel.isOpen()) {
      return;
    }
    for (Piece piece : batch) {
      pieces.computeIfAbsent(piece.priority(), key -> new ArrayDeque<>()).add(piece);
    }
    drain();
  }

  /** Sends what the channel takes. Called again when it takes more. */
  void drain() {
    boolean wrote = false;
    try {
      while (!pieces.isEmpty() && channel.isWritable()) {
        write();
        wrote = true;
      }
    } catch (Throwable e) {
      reset(e);
    }
    if (wrote) {
      channel.flush();
    }
    if (closing && pieces.isEmpty() && !ending) {
      ending = true;
      // completes after all that was written before
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void write() {
    Piece first = poll();
    ByteBuf data;
    if (first.data().length >= CHUNK || pieces.isEmpty()) {
      data = Unpooled.wrappedBuffer(first.data());
    } else {
      data = channel.alloc().buffer(CHUNK).writeBytes(first.data());
      for (Piece next = peek();
          next != null && next.data().length <= data.writableBytes();
          next = peek()) {
        data.writeBytes(poll().data());
      }
    }
    int size = data.readableBytes();
    ChannelFuture written = channel.write(data);
    written.addListener(
        done -> {
          if (!done.isSuccess() && channel.isOpen()) {
            reset(done.cause());
          }
          backlog.left(size);
        });
  }

  /** Past TLS, so that the other side does not take what it has for all. */
  private void reset(Throwable cause) {
    LOGGER.debug("{} cannot be sent what was to be", channel, cause);
    pieces.clear();
    try {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    } finally {
      channel.unsafe().close(channel.voidPromise());
    }
  }

  private Piece peek() {
    return pieces.isEmpty() ? null : pieces.firstEntry().getValue().peek();
  }

  private Piece poll() {
    var first = pieces.firstEntry();
    Piece piece = first.getValue().remove();
    if (first.getValue().isEmpty()) {
      pieces.remove(first.getKey());
    }
    return piece;
  }

  /** Closes the channel when all has left, or half a minute after nothing leaves any more. */
  void closeWhenSent() {
    if (!closing) {
      closing = true;
      drain();
      if (channel.isOpen()) {
        watch(backlog.bytes());
      }
    }
  }

  private void watch(long before) {
    var look =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  long now = backlog.bytes();
                  if (now < before) {
                    watch(now);
                  } else {
                    channel.close();
                  }
                },
                STALLED_SECONDS,
                TimeUnit.SECONDS);
    channel.closeFuture().addListener(closed -> look.cancel(false));
  }
}
