package socketserver.contract;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** UDP over IPv4, on the loopback interface. */
class Udp implements DatagramKind {
  @Override
  public ProtocolFamily family() {
    return StandardProtocolFamily.INET;
  }

  @Override
  public SocketAddress free() {
    return Tcp.loopback();
  }

  @Override
  public int longest() {
    return 65_507;
  }

  @Override
  public DatagramPeer peer() throws IOException {
    DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
    channel.bind(Tcp.loopback());
    return new DatagramPeer() {
      @Override
      public SocketAddress address() throws IOException {
        return channel.getLocalAddress();
      }

      @Override
      public void send(byte[] data, SocketAddress target) throws IOException {
        channel.send(ByteBuffer.wrap(data), target);
      }

      @Override
      public Packet receive() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        SocketAddress sender = channel.receive(buffer);
        byte[] data = new byte[buffer.flip().remaining()];
        buffer.get(data);
        return new Packet(data, sender);
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }
}
