package socketserver.diesel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.spi.Printable;

/** Tells a {@link StreamConnection} what happens on its channel. On the event loop. */
final class StreamHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOGGER = LoggerFactory.getLogger(StreamHandler.class);

  private final StreamConnection connection;
  private final boolean tls;

  /** Told once that the connection can be used, with null, or why it never can. */
  private Consumer<Throwable> opened;

  StreamHandler(StreamConnection connection, boolean tls, Consumer<Throwable> opened) {
    this.connection = connection;
    this.tls = tls;
    this.opened = opened;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (!tls) {
      open(null);
    }
  }

  private void open(Throwable failure) {
    if (opened != null) {
      Consumer<Throwable> told = opened;
      opened = null;
      told.accept(failure);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf data = (ByteBuf) message;
    try {
      if (data.isReadable()) {
        connection.bytes(ByteBufUtil.getBytes(data));
      }
    } finally {
      data.release();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      open(handshake.cause());
      if (!handshake.isSuccess()) {
        LOGGER.debug("no TLS with {}: {}", connection, text(handshake.cause()));
        context.close();
      }
    } else if (event instanceof ChannelInputShutdownEvent
        || event instanceof SslCloseCompletionEvent) {
      connection.end(false);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    connection.writable();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    open(new ClosedChannelException());
    connection.end(true);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOGGER.debug("{} fails: {}", connection, text(cause));
    open(cause);
    context.close();
  }

  /** What the peer has sent forges no line, and if it was no TLS it may have been a password. */
  private static String text(Throwable cause) {
    Throwable root =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    return root instanceof NotSslRecordException ? "not a tls record" : Printable.of(root);
  }
}
