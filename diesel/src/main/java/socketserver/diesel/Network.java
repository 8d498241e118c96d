package socketserver.diesel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.diesel.channel.Channels;
import socketserver.netty.ground.ChannelErrors;

/** An application's event loop, one daemon thread, and the channels that it serves. */
final class Network {
  private static final Logger LOGGER = LoggerFactory.getLogger(Network.class);

  /** How long the end of an application waits for what was sent to leave. */
  private static final long DRAIN_MILLIS = 1000;

  private static final long STOP_MILLIS = 5000;

  private final Channels kinds = Channels.chosen();
  private final IoEventLoop loop = kinds.newLoop(this::newThread);

  /** The open channels, and what closes each when all is sent. */
  private final Map<Channel, Runnable> channels = new ConcurrentHashMap<>();

  /** Written once, by whoever gives the loop its first task. */
  private volatile Thread thread;

  private Thread newThread(Runnable work) {
    thread = new DefaultThreadFactory("diesel-loop", true).newThread(work);
    return thread;
  }

  /** Makes channels. */
  Channels channels() {
    return kinds;
  }

  IoEventLoop loop() {
    return loop;
  }

  /** Gives a channel to the event loop. */
  ChannelFuture register(Channel channel) {
    EventLoop any = loop;
    return any.register(channel);
  }

  /**
   * Registers a channel and binds it. Waits for that, which takes no longer than the calls to the
   * system.
   *
   * @throws IOException if it cannot be bound; it is closed then
   */
  void bind(Channel channel, InetSocketAddress address) throws IOException {
    try {
      register(channel).syncUninterruptibly();
    } catch (RuntimeException e) {
      channel.unsafe().closeForcibly();
      throw new IOException("the event loop does not take the channel", e);
    }
    Throwable failure = channel.bind(address).awaitUninterruptibly().cause();
    if (failure != null) {
      channel.close();
      throw ChannelErrors.ofBinding(address, failure);
    }
  }

  /** Remembers a channel, and what closes it when all is sent, on the event loop. */
  void opened(Channel channel, Runnable close) {
    channels.put(channel, close);
    channel.closeFuture().addListener(closed -> channels.remove(channel));
  }

  /**
   * Closes the channels, after waiting a moment for what was sent to leave, and waits for the
   * loop's thread to end.
   */
  void close() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS);
    channels.values().forEach(loop::execute);
    for (Channel channel : List.copyOf(channels.keySet())) {
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
