package socketserver.examples;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/** A client made of a plain Java datagram socket, with none of the library in it. */
final class UdpPeer implements AutoCloseable {
  private final DatagramSocket socket;
  private final int port;

  UdpPeer(int port) throws IOException {
    this.port = port;
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.setSoTimeout((int) Output.LIMIT.toMillis());
  }

  /** Sends a datagram and waits for the answer. */
  String ask(String text) throws IOException {
    byte[] data = text.getBytes(StandardCharsets.UTF_8);
    socket.send(new DatagramPacket(data, data.length, InetAddress.getLoopbackAddress(), port));
    DatagramPacket answer = new DatagramPacket(new byte[65_535], 65_535);
    socket.receive(answer);
    if (answer.getPort() != port) {
      throw new AssertionError("answered by port " + answer.getPort() + ", not by " + port);
    }
    return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    socket.close();
  }
}
