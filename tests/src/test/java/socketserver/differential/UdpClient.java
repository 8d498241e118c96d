package socketserver.differential;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** The JDK's datagram socket. */
final class UdpClient implements DatagramClient {
  private static final int LARGEST = 1 << 16;

  private final DatagramSocket socket =
      new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

  UdpClient() throws IOException {}

  @Override
  public String address() {
    return String.valueOf(socket.getLocalPort());
  }

  @Override
  public void send(byte[] data, String server) throws IOException {
    socket.send(
        new DatagramPacket(
            data, data.length, InetAddress.getLoopbackAddress(), Integer.parseInt(server)));
  }

  @Override
  public Received receive(int timeoutMillis) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
    socket.setSoTimeout(timeoutMillis);
    socket.receive(packet);
    return new Received(
        Arrays.copyOf(packet.getData(), packet.getLength()), String.valueOf(packet.getPort()));
  }

  @Override
  public void close() {
    socket.close();
  }
}
