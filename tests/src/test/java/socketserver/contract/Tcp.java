package socketserver.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;

/** TCP over IPv4, on the loopback interface. */
public class Tcp implements StreamKind {
  /** A loopback address with a port that the system chooses. */
  public static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  @Override
  public ProtocolFamily family() {
    return StandardProtocolFamily.INET;
  }

  @Override
  public SocketAddress free() {
    return loopback();
  }

  @Override
  public Peer connect(SocketAddress address) throws IOException {
    return Peer.connect(address);
  }

  @Override
  public PeerListener listen() throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open().bind(loopback());
    return new PeerListener() {
      @Override
      public SocketAddress address() throws IOException {
        return channel.getLocalAddress();
      }

      @Override
      public Peer accept() throws IOException {
        return new Peer(channel.accept());
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }
}
