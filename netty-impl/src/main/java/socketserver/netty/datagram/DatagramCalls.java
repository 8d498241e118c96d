package socketserver.netty.datagram;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import socketserver.Datagram;
import socketserver.Errno;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.ground.SocketCalls;

/** The system calls of one datagram socket. */
interface DatagramCalls extends SocketCalls {
  /**
   * Sends one datagram.
   *
   * @param target where it goes; the peer if null
   * @return false if there is no room
   */
  boolean send(byte[] data, int offset, int length, SocketAddress target) throws IOException;

  /** Receives one datagram, a byte more than asked for if it is longer; null if there is none. */
  Datagram receive(int size) throws IOException;

  /** Chooses the peer. */
  void connect(SocketAddress target) throws IOException;

  /** The peer's address, or null. */
  SocketAddress remoteAddress() throws IOException;

  /** No datagram is received longer. */
  int longest();

  /** How long a datagram may be as long as nobody said what to expect. */
  int usual();

  /** A datagram as Netty's handlers know it, which owns the content. */
  Object packet(ByteBuf content, SocketAddress recipient, SocketAddress sender);

  /** An address of Netty's as the API has it. */
  SocketAddress toApi(SocketAddress address);

  /** What the system said to a datagram for a target or the peer, or about an earlier one. */
  static IOException refused(int length, SocketAddress target, Exception cause) {
    if (target != null) {
      return ChannelErrors.ofSending(length, target, cause);
    }
    String what = "cannot send " + length + " bytes";
    return ChannelErrors.errno(cause) == Errno.ECONNREFUSED
        ? refusedByPeer(what + ": ", cause)
        : ChannelErrors.failed(what, cause);
  }

  /** Nobody has received what was sent to the peer. */
  static ConnectException refusedByPeer(String what, Exception cause) {
    ConnectException error =
        new ConnectException(what + "connection refused: nobody has the peer's socket open");
    error.initCause(cause);
    return error;
  }
}
