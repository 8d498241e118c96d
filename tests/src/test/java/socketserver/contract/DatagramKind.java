package socketserver.contract;

import java.io.Closeable;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import socketserver.DgramSocket;
import socketserver.netty.NettyTransport;
import socketserver.spi.Transport;

/** A kind of datagram address: what the library binds, and a peer outside of it. */
interface DatagramKind {
  /** The family that the library is asked for. */
  ProtocolFamily family();

  /** An address to bind that is free. */
  SocketAddress free() throws IOException;

  /** The transport behind it, for what the library alone calls. */
  default Transport transport() {
    return new NettyTransport();
  }

  /** The socket to go on with for one that is bound. */
  default DgramSocket goOnWith(DgramSocket bound) throws IOException {
    return bound;
  }

  /** The longest datagram that can be sent. */
  int longest();

  /** Makes an address that was bound one that can be bound again, as far as closing leaves it. */
  default void clear(SocketAddress address) throws IOException {}

  /** Whether the system gives an address to a socket that sends before it is bound. */
  default boolean bindsSenders() {
    return true;
  }

  /** Whether the system drops what a receiver has no room for; if not, the sender waits. */
  default boolean drops() {
    return true;
  }

  /** Makes a peer that is bound to an address of its own. */
  DatagramPeer peer() throws IOException;

  /** What a peer received. */
  record Packet(byte[] data, SocketAddress sender) {}

  /** A socket that is not the library's. Its calls block; an interrupt ends them. */
  interface DatagramPeer extends Closeable {
    /** Its address, in the library's terms. */
    SocketAddress address() throws IOException;

    /** Sends one datagram to an address in the library's terms. */
    void send(byte[] data, SocketAddress target) throws IOException;

    /** Receives one datagram. */
    Packet receive() throws IOException;
  }
}
