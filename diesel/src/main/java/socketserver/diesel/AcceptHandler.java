package socketserver.diesel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on the connections of a channel that listens. When the system has no more descriptors it
 * pauses for a second. On the event loop.
 */
final class AcceptHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOGGER = LoggerFactory.getLogger(AcceptHandler.class);

  private final Consumer<Channel> accepted;

  AcceptHandler(Consumer<Channel> accepted) {
    this.accepted = accepted;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel client = (Channel) message;
    try {
      accepted.accept(client);
    } catch (RuntimeException e) {
      LOGGER.debug("{} was lost", client, e);
      client.unsafe().closeForcibly();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOGGER.warn("cannot accept a connection; trying again in a second", cause);
    Channel listener = context.channel();
    listener.config().setAutoRead(false);
    listener.eventLoop().schedule(() -> listener.config().setAutoRead(true), 1, TimeUnit.SECONDS);
  }
}
