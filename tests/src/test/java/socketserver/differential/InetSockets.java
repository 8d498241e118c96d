package socketserver.differential;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;

/** TCP and UDP on the loopback interface; an address's name is its port. */
final class InetSockets implements Sockets {
  private static final long serialVersionUID = 1L;

  @Override
  public ProtocolFamily family() {
    return StandardProtocolFamily.INET;
  }

  @Override
  public SocketAddress forServer() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  @Override
  public String name(SocketAddress address) {
    return String.valueOf(((InetSocketAddress) address).getPort());
  }

  @Override
  public Socket connect(String server) throws IOException {
    Socket socket = new Socket();
    // before connecting: the server may reset the connection at once
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) Bound.WAIT.toMillis());
    socket.connect(address(server), (int) Bound.WAIT.toMillis());
    return socket;
  }

  @Override
  public Socket connectUnnamed(String server) {
    throw new UnsupportedOperationException("every client has a port");
  }

  @Override
  public DatagramClient datagrams() throws IOException {
    return new UdpClient();
  }

  @Override
  public DatagramClient unnamedDatagrams() {
    throw new UnsupportedOperationException("every client has a port");
  }

  private static InetSocketAddress address(String name) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(name));
  }

  @Override
  public void close() {
    // ports need no clearing up
  }
}
