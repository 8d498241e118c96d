package socketserver.bench.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelMatchers;

/** Gives each line of a client to all. A group forgets channels that are closed. */
final class NettyChat extends ChannelInboundHandlerAdapter {
  private final ChannelGroup members;

  NettyChat(ChannelGroup members) {
    this.members = members;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    members.add(context.channel());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object line) {
    members.writeAndFlush(line, ChannelMatchers.all(), true);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close(); // the client has gone
  }
}
