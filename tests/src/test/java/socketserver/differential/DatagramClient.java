package socketserver.differential;

import java.io.Closeable;
import java.io.IOException;

/** The client's datagram socket, of either family. Addresses are names, as in {@link Sockets}. */
interface DatagramClient extends Closeable {
  /** What was received, and who has sent it. */
  record Received(byte[] data, String sender) {}

  /** Its own address. */
  String address() throws IOException;

  void send(byte[] data, String server) throws IOException;

  /**
   * Waits for a datagram.
   *
   * @throws java.net.SocketTimeoutException if none comes in time
   */
  Received receive(int timeoutMillis) throws IOException;
}
