package socketserver.netty;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import socketserver.Datagram;

/** The system calls on a datagram socket that depend on its family. None waits. */
interface DatagramCalls {
  /**
   * Sends the bytes from the buffer's position to its limit, as one datagram.
   *
   * @return false if there is no room
   */
  boolean send(Socket socket, ByteBuffer data, SocketAddress target) throws IOException;

  /** Receives one datagram, cut where the buffer ends; null if there is none. */
  Datagram receive(Socket socket, ByteBuffer buffer) throws IOException;

  /** The address that the socket is bound to, or null. */
  SocketAddress localAddress(Socket socket);

  /** No datagram is received longer. */
  int longest();

  /** The first bytes of a buffer that a datagram was received into. */
  static byte[] copy(ByteBuffer buffer, int length) {
    byte[] data = new byte[length];
    buffer.get(buffer.position(), data);
    return data;
  }
}
