package socketserver.netty.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import socketserver.netty.ground.ChannelErrors;

/** The last handler of a connection's pipeline: hands what arrives to the blocking side. */
final class StreamBridge extends ChannelInboundHandlerAdapter {
  private final Input input;
  private final Runnable changed;

  /**
   * Makes the handler.
   *
   * @param changed has whoever waits look again
   */
  StreamBridge(Input input, Runnable changed) {
    this.input = input;
    this.changed = changed;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf buffer) {
      input.add(buffer);
      changed.run();
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    boolean closeNotify = event instanceof SslCloseCompletionEvent tls && tls.isSuccess();
    if (closeNotify) {
      input.announceEnd();
    }
    if (event == ChannelInputShutdownEvent.INSTANCE || closeNotify) {
      end();
    }
  }

  /** In a later turn: who closes the channel for an error names it afterwards. */
  @Override
  public void channelInactive(ChannelHandlerContext context) {
    context.executor().execute(this::end);
  }

  private void end() {
    input.end();
    changed.run();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // whoever reads on must hear of what went wrong in his own thread, also at the end
    boolean isError = cause instanceof Error || cause.getCause() instanceof Error;
    if (isError || !input.hasEnded()) {
      input.fail(ChannelErrors.ofReading(cause));
    }
    end();
  }
}
