package socketserver.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;

/**
 * The last handler of a connection's pipeline: hands what arrives to the blocking side. Runs on the
 * event loop and never blocks.
 */
final class StreamBridge extends ChannelInboundHandlerAdapter {
  private final Inbound inbound;
  private final Outbound outbound;

  StreamBridge(Inbound inbound, Outbound outbound) {
    this.inbound = inbound;
    this.outbound = outbound;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf buffer) {
      inbound.add(buffer);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    inbound.wake();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    boolean closeNotify = event instanceof SslCloseCompletionEvent tls && tls.isSuccess();
    if (closeNotify) {
      inbound.closeNotify();
    }
    if (event == ChannelInputShutdownEvent.INSTANCE || closeNotify) {
      outbound.inputEnded();
      inbound.end();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    inbound.end();
    outbound.channelClosed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    IOException error = ChannelErrors.ofReading(cause);
    // the writing side first: the reader that the other wakes may write at once
    outbound.fail(error);
    inbound.fail(error);
  }
}
