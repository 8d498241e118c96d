package socketserver.diesel;

import io.netty.channel.Channel;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.netty.EventLoops;

/** An application's event loop, one daemon thread, and the channels that it serves. */
final class Network {
  private static final Logger LOGGER = LoggerFactory.getLogger(Network.class);

  /** How long the end of an application waits for what was sent to leave. */
  private static final long DRAIN_MILLIS = 1000;

  private static final long STOP_MILLIS = 5000;

  private final EventLoops loops = EventLoops.chosen();
  private final IoEventLoop loop = loops.newLoop(this::newThread);
  private final Set<Channel> channels = ConcurrentHashMap.newKeySet();

  /** Written once, by whoever gives the loop its first task. */
  private volatile Thread thread;

  private Thread newThread(Runnable work) {
    thread = new DefaultThreadFactory("diesel-loop", true).newThread(work);
    return thread;
  }

  /** Makes channels. */
  EventLoops channels() {
    return loops;
  }

  IoEventLoop loop() {
    return loop;
  }

  /** Remembers a channel, to close it with the rest. */
  void opened(Channel channel) {
    channels.add(channel);
    channel.closeFuture().addListener(closed -> channels.remove(channel));
  }

  /**
   * Waits a moment until all channels have closed, which they do when all is sent; closes what is
   * left, and waits for the loop's thread to end.
   */
  void close() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS);
    for (Channel channel : List.copyOf(channels)) {
      channel.closeFuture().await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
    stop();
    Thread started = thread;
    if (started != null) {
      started.join(STOP_MILLIS);
      if (started.isAlive()) {
        LOGGER.warn("{} still runs after it was stopped", started.getName());
      }
    }
  }

  /** Ends the loop, and whatever it serves, without waiting. */
  void stop() {
    loop.shutdownGracefully(0, DRAIN_MILLIS, TimeUnit.MILLISECONDS);
  }
}
