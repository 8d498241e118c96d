package socketserver.bench.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Writes as much as each eight bytes ask for, as fast as the client takes it. */
final class NettySource extends ChannelInboundHandlerAdapter {
  private static final ByteBuf PIECE =
      Unpooled.unreleasableBuffer(Unpooled.directBuffer(Peer.PIECE).writeZero(Peer.PIECE));

  private final NettyCount count = new NettyCount();
  private long left;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      while (bytes.isReadable()) {
        left += Math.max(0, count.read(bytes));
      }
    } finally {
      bytes.release();
    }
    write(context);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    write(context);
  }

  private void write(ChannelHandlerContext context) {
    while (left > 0 && context.channel().isWritable()) {
      int length = (int) Math.min(left, Peer.PIECE);
      left -= length;
      context.write(PIECE.duplicate().writerIndex(length), context.voidPromise());
    }
    context.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close(); // the client has gone
  }
}
