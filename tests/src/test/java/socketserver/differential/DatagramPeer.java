package socketserver.differential;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;

/** One datagram socket of the client. What it receives it notes, and who sent it. */
final class DatagramPeer implements Closeable {
  private static final int LARGEST = 1 << 16;
  private static final int GLANCE_MILLIS = 60;

  private final DatagramSocket socket =
      new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  private final InetSocketAddress server;
  private final int number;
  private final Client client;

  DatagramPeer(int serverPort, int number, Client client) throws IOException {
    this.number = number;
    this.client = client;
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
    socket.setSoTimeout((int) Bound.WAIT.toMillis());
  }

  int port() {
    return socket.getLocalPort();
  }

  DatagramPeer send(String text) throws IOException {
    return send(Shown.latin1(text));
  }

  DatagramPeer send(byte[] data) throws IOException {
    socket.send(new DatagramPacket(data, data.length, server));
    return this;
  }

  DatagramPeer receive() throws IOException {
    return receive(" in " + Bound.WAIT.toSeconds() + " s");
  }

  /** Looks for a datagram that has been sent already, if at all. */
  DatagramPeer glance() throws IOException {
    socket.setSoTimeout(GLANCE_MILLIS);
    try {
      return receive("");
    } finally {
      socket.setSoTimeout((int) Bound.WAIT.toMillis());
    }
  }

  private DatagramPeer receive(String howLong) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
    try {
      socket.receive(packet);
    } catch (SocketTimeoutException e) {
      return note("nothing received" + howLong);
    }
    boolean known = packet.getSocketAddress().equals(server);
    return note(
        "received "
            + Shown.bytes(Arrays.copyOf(packet.getData(), packet.getLength()))
            + (known ? " from the server" : " from another socket"));
  }

  @Override
  public void close() {
    socket.close();
  }

  private DatagramPeer note(String text) {
    client.note("client " + number + ": " + text);
    return this;
  }
}
