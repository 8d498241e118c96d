package socketserver.differential;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.SocketAddress;

/**
 * Where the server of one run is bound, and what its client is made of. Everybody knows an address
 * by a text: a port, a path, or nothing for the client that is bound to none. In a child process
 * the addresses have their names, and no more.
 */
interface Sockets extends Closeable, Serializable {
  ProtocolFamily family();

  /** Where the server is to be bound. */
  SocketAddress forServer();

  String name(SocketAddress address);

  /** Connects to the server of that name. */
  Socket connect(String server) throws IOException;

  /** Connects without an address for the server to see, where there is such a thing. */
  Socket connectUnnamed(String server) throws IOException;

  DatagramClient datagrams() throws IOException;

  DatagramClient unnamedDatagrams() throws IOException;
}
