package socketserver.differential;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;

/** One datagram socket of the client. What it receives it notes, and who sent it. */
final class DatagramPeer implements Closeable {
  private static final int GLANCE_MILLIS = 60;

  private final DatagramClient socket;
  private final String server;
  private final int number;
  private final Client client;

  DatagramPeer(DatagramClient socket, String server, int number, Client client) {
    this.socket = socket;
    this.server = server;
    this.number = number;
    this.client = client;
  }

  DatagramPeer send(String text) throws IOException {
    return send(Shown.latin1(text));
  }

  DatagramPeer send(byte[] data) throws IOException {
    socket.send(data, server);
    return this;
  }

  DatagramPeer receive() throws IOException {
    return receive((int) Bound.WAIT.toMillis(), " in " + Bound.WAIT.toSeconds() + " s");
  }

  /** Looks for a datagram that has been sent already, if at all. */
  DatagramPeer glance() throws IOException {
    return receive(GLANCE_MILLIS, "");
  }

  private DatagramPeer receive(int millis, String howLong) throws IOException {
    DatagramClient.Received received;
    try {
      received = socket.receive(millis);
    } catch (SocketTimeoutException e) {
      return note("nothing received" + howLong);
    }
    boolean known = received.sender().equals(server);
    return note(
        "received "
            + Shown.bytes(received.data())
            + (known ? " from the server" : " from another socket"));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private DatagramPeer note(String text) {
    client.note("client " + number + ": " + text);
    return this;
  }
}
