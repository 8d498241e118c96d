package socketserver.bench.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Reads as much as the first eight bytes say, answers one byte, and begins again. */
final class NettySink extends ChannelInboundHandlerAdapter {
  private static final ByteBuf DONE =
      Unpooled.unreleasableBuffer(Unpooled.directBuffer(1).writeByte('!'));

  private final NettyCount count = new NettyCount();
  private long left = -1;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      while (bytes.isReadable()) {
        if (left < 0) {
          left = count.read(bytes);
        }
        if (left >= 0) {
          int taken = (int) Math.min(left, bytes.readableBytes());
          bytes.skipBytes(taken);
          left -= taken;
        }
        if (left == 0) {
          left = -1;
          context.writeAndFlush(DONE.duplicate(), context.voidPromise());
        }
      }
    } finally {
      bytes.release();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close(); // the client has gone
  }
}
