package socketserver.contract;

import java.io.Closeable;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.netty.NettyTransport;
import socketserver.spi.Transport;

/** A kind of stream address: what the library binds, and how a peer outside of it gets there. */
interface StreamKind {
  /** The family that the library is asked for. */
  ProtocolFamily family();

  /** An address to bind that is free: port 0, or a path that is not there. */
  SocketAddress free() throws IOException;

  /** Connects a peer to an address that the library is bound to. */
  Peer connect(SocketAddress address) throws IOException;

  /** Makes a listener outside of the library, for the library's clients. */
  PeerListener listen() throws IOException;

  /** Makes an address that was bound one that can be bound again, as far as closing leaves it. */
  default void clear(SocketAddress address) throws IOException {}

  /** The transport behind it, for what the library alone calls. */
  default Transport transport() {
    return new NettyTransport();
  }

  /** Does with a listener what comes before it listens. */
  default void prepare(ListenerSocket listener) {}

  /** The socket to go on with for one that was accepted. */
  default StreamSocket goOnWith(StreamSocket accepted) throws IOException {
    return accepted;
  }

  /** Whether a peer can cut its connection off in such a way that the other end has a reset. */
  default boolean cutsOff() {
    return true;
  }

  /** Has a peer go in such a way that the library's end has a reset. */
  default void reset(Peer peer, StreamSocket socket) throws IOException {
    peer.reset();
  }

  /** Checks that a connection is really one of a mechanism's. */
  default void assertRuns(Mechanism mechanism, StreamSocket socket) {
    mechanism.assertRuns(socket.transportEndpoint());
  }

  /** A listener outside of the library. */
  interface PeerListener extends Closeable {
    /** Where it listens, in the library's terms. */
    SocketAddress address() throws IOException;

    /** Takes the next connection. */
    Peer accept() throws IOException;
  }
}
