package socketserver.netty;

import io.netty.channel.Channel;
import java.util.function.IntSupplier;

/**
 * Keeps a channel from reading far ahead of those who take what it reads. Pausing and going on are
 * the event loop's alone, so that the two cannot overtake each other; takers ask for it.
 */
final class ReadAhead {
  private final Channel channel;
  private final IntSupplier waiting;
  private final int most;
  private final int few;

  /** Written by the loop, read by takers. */
  private volatile boolean paused;

  /**
   * Limits a channel.
   *
   * @param channel the channel
   * @param waiting how much is waiting to be taken, asked on any thread
   * @param most from how much on the channel pauses
   * @param few below how much it goes on
   */
  ReadAhead(Channel channel, IntSupplier waiting, int most, int few) {
    this.channel = channel;
    this.waiting = waiting;
    this.most = most;
    this.few = few;
  }

  /** Something was read. On the event loop. */
  void received() {
    if (waiting.getAsInt() >= most) {
      pause();
      resume();
    }
  }

  /** Stops reading until somebody takes something. On the event loop. */
  void pause() {
    if (!paused) {
      paused = true;
      channel.config().setAutoRead(false);
    }
  }

  /** Somebody is about to take something, or has. On any thread. */
  void taking() {
    if (paused && waiting.getAsInt() < few && channel.isOpen()) {
      channel.eventLoop().execute(this::resume);
    }
  }

  /** What has the channel ask the system once more; null as long as it has no event loop. */
  LoopRound round() {
    return channel.isRegistered() ? new LoopRound(channel.eventLoop()) : null;
  }

  private void resume() {
    if (paused && waiting.getAsInt() < few) {
      paused = false;
      channel.config().setAutoRead(true);
    }
  }
}
