package socketserver.netty;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import socketserver.Datagram;
import socketserver.Errno;

/** The system calls on a datagram socket that depend on its family. None waits. */
interface DatagramCalls {
  /**
   * Sends the bytes from the buffer's position to its limit, as one datagram.
   *
   * @return false if there is no room
   */
  boolean send(Socket socket, ByteBuffer data, SocketAddress target) throws IOException;

  /** Chooses the peer of a socket. */
  void connect(Socket socket, SocketAddress target) throws IOException;

  /** The peer's address, or null. */
  SocketAddress remoteAddress(Socket socket);

  /** As {@link #send(Socket, ByteBuffer, SocketAddress)}, to the peer. */
  static boolean send(Socket socket, ByteBuffer data) throws IOException {
    int length = data.remaining();
    try {
      // no byte is what an empty datagram has, too
      return socket.send(data, data.position(), data.limit()) > 0 || length == 0;
    } catch (IOException | NotYetConnectedException e) {
      throw refused(length, e);
    }
  }

  /** Chooses a peer, whose address is given in Netty's terms and, for messages, in the API's. */
  static void connect(Socket socket, SocketAddress peer, SocketAddress target) throws IOException {
    try {
      socket.connect(peer);
    } catch (IOException e) {
      throw ChannelErrors.ofConnecting(target, e);
    }
  }

  /** What the system said to a datagram for the peer, or about an earlier one. */
  private static IOException refused(int length, Exception cause) {
    String what = "cannot send " + length + " bytes";
    if (ChannelErrors.errno(cause) != Errno.ECONNREFUSED) {
      return ChannelErrors.failed(what, cause);
    }
    IOException error = new ConnectException(what + ": " + NOBODY);
    error.initCause(cause);
    return error;
  }

  /** What is wrong when a peer refuses. */
  String NOBODY = "connection refused: nobody has the peer's socket open";

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
