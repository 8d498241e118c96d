package socketserver.bench.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.DomainDatagramPacket;

/** Answers each datagram, and flushes when all that was received has been answered. */
final class NettyDatagramEcho extends ChannelInboundHandlerAdapter {
  @Override
  public void channelRead(ChannelHandlerContext context, Object received) {
    Object answer =
        received instanceof DatagramPacket packet
            ? new DatagramPacket(packet.content(), packet.sender())
            : answer((DomainDatagramPacket) received);
    context.write(answer, context.voidPromise());
  }

  private static DomainDatagramPacket answer(DomainDatagramPacket packet) {
    return new DomainDatagramPacket(packet.content(), packet.sender());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // a client has gone; the socket serves the others
  }
}
