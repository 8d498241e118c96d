package socketserver.netty.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.Datagram;
import socketserver.netty.socket.PipedChannel;

/** A datagram socket as Netty's handlers see it: each datagram is a packet with its addresses. */
final class PacketChannel extends PipedChannel {
  private static final Logger LOGGER = LoggerFactory.getLogger(PacketChannel.class);

  private final DatagramCalls calls;

  /**
   * Makes the channel of a socket.
   *
   * @param receiver gets, on the channel's loop, what its handlers have let through
   */
  PacketChannel(
      DatagramCalls calls, Runnable wanting, Runnable closing, Consumer<Datagram> receiver) {
    super(wanting, closing);
    this.calls = calls;
    pipeline().addLast("socketserver", new Bridge(receiver));
  }

  /** Receives what the pipeline has asked for; whether something was there. On the loop. */
  boolean readOnce(int size) throws IOException {
    if (!wantsRead() || !isOpen()) {
      return false;
    }
    Datagram datagram = calls.receive(size);
    if (datagram == null) {
      return false;
    }
    endRead();
    ByteBuf content = Unpooled.wrappedBuffer(datagram.data());
    pipeline().fireChannelRead(calls.packet(content, localAddress(), datagram.address()));
    pipeline().fireChannelReadComplete();
    return true;
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer out) {
    for (Object message = out.current(); message != null; message = out.current()) {
      try {
        if (!send(message)) {
          return;
        }
        out.remove();
      } catch (IOException e) {
        // one datagram's error is not the next one's
        out.remove(e);
      }
    }
  }

  private boolean send(Object message) throws IOException {
    ByteBuf content =
        (ByteBuf) (message instanceof AddressedEnvelope<?, ?> packet ? packet.content() : message);
    SocketAddress target =
        message instanceof AddressedEnvelope<?, ?> packet ? calls.toApi(packet.recipient()) : null;
    byte[] bytes = ByteBufUtil.getBytes(content);
    return calls.send(bytes, 0, bytes.length, target);
  }

  /** Gives up what waits for room. On the loop. */
  Void dropUnsent(IOException cause) {
    ChannelOutboundBuffer out = unsafe().outboundBuffer();
    while (out != null && out.remove(cause)) {
      LOGGER.debug("dropped a datagram that found no room");
    }
    return null;
  }

  @Override
  protected Object filterOutboundMessage(Object message) {
    boolean isPacket =
        message instanceof AddressedEnvelope<?, ?> packet && packet.content() instanceof ByteBuf;
    if (isPacket || message instanceof ByteBuf) {
      return message;
    }
    String type = message.getClass().getName();
    ReferenceCountUtil.release(message);
    throw new UnsupportedOperationException(
        "a datagram socket sends a packet or, to its peer, a ByteBuf, not a " + type);
  }

  @Override
  protected SocketAddress localAddress0() {
    return orNull(calls::localAddress);
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return orNull(calls::remoteAddress);
  }

  /** The last handler: hands what arrives to the blocking side. */
  private final class Bridge extends ChannelInboundHandlerAdapter {
    private final Consumer<Datagram> receiver;

    Bridge(Consumer<Datagram> receiver) {
      this.receiver = receiver;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      try {
        if (message instanceof AddressedEnvelope<?, ?> packet
            && packet.content() instanceof ByteBuf content) {
          byte[] data = ByteBufUtil.getBytes(content);
          receiver.accept(new Datagram(data, calls.toApi(packet.sender())));
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOGGER.debug("a handler of a datagram socket has failed: {}", cause.toString());
    }
  }
}
