package socketserver.netty.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import socketserver.Datagram;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.ground.NioOptions;
import socketserver.netty.ground.Options;
import socketserver.netty.ground.Uninterrupted;
import socketserver.netty.socket.OwnedSocket;

/** The calls on a UDP socket of the JDK's, where there are no descriptors. */
public final class JdkDatagramCalls implements DatagramCalls {
  private final int number = OwnedSocket.nextNumber();
  private final DatagramChannel channel;

  public JdkDatagramCalls(ProtocolFamily family) throws IOException {
    this.channel = DatagramChannel.open(family);
    try {
      channel.configureBlocking(false);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public Object source() {
    return channel;
  }

  @Override
  public boolean send(byte[] data, int offset, int length, SocketAddress target)
      throws IOException {
    if (length == 0 && channel.isConnected()) {
      throw new UnsupportedOperationException(
          "the JDK sends a peer no datagram without a byte: use epoll, or sendto without connect");
    }
    ByteBuffer bytes = ByteBuffer.wrap(data, offset, length);
    try {
      int sent =
          Uninterrupted.call(
              () -> target == null ? channel.write(bytes) : channel.send(bytes, target));
      // no byte is what an empty datagram has, too
      return sent > 0 || length == 0;
    } catch (IOException | RuntimeException e) {
      throw DatagramCalls.refused(length, target, e);
    }
  }

  @Override
  public Datagram receive(int size) throws IOException {
    ByteBuffer room = ByteBuffer.allocate(Math.min(size, longest()) + 1);
    SocketAddress[] from = new SocketAddress[1];
    try {
      Uninterrupted.call(
          () -> {
            from[0] = channel.receive(room);
            return 0;
          });
    } catch (PortUnreachableException e) {
      throw DatagramCalls.refusedByPeer("", e);
    } catch (IOException e) {
      throw ChannelErrors.of(e);
    }
    return from[0] == null
        ? null
        : new Datagram(Arrays.copyOf(room.array(), room.position()), from[0]);
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    try {
      channel.bind(address);
    } catch (IOException | RuntimeException e) {
      throw ChannelErrors.ofBinding(address, e);
    }
  }

  @Override
  public void connect(SocketAddress target) throws IOException {
    try {
      channel.disconnect().connect(target);
    } catch (IOException | RuntimeException e) {
      throw ChannelErrors.ofConnecting(target, e);
    }
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    return channel.getLocalAddress() instanceof InetSocketAddress bound && bound.getPort() != 0
        ? bound
        : null;
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    return channel.getRemoteAddress();
  }

  @Override
  public Options options() {
    return new NioOptions(channel);
  }

  @Override
  public int fileno() {
    return number;
  }

  @Override
  public int longest() {
    return InternetDatagramCalls.LONGEST;
  }

  @Override
  public int usual() {
    return InternetDatagramCalls.LONGEST;
  }

  @Override
  public Object packet(ByteBuf content, SocketAddress recipient, SocketAddress sender) {
    return new DatagramPacket(content, (InetSocketAddress) recipient, (InetSocketAddress) sender);
  }

  @Override
  public SocketAddress toApi(SocketAddress address) {
    return address;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
