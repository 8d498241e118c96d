package socketserver.netty;

import java.io.IOException;
import java.net.SocketAddress;
import socketserver.spi.StreamEndpoint;

/** The system calls of one socket that listens. None of them waits. */
interface ListenCalls {
  /** What has a {@link Readiness} wait for the socket. */
  Object source();

  void bind(SocketAddress address) throws IOException;

  void listen(int backlog) throws IOException;

  /** Takes a connection; null if there is none. */
  StreamEndpoint accept() throws IOException;

  /** What it is bound to; null if to nothing. */
  SocketAddress localAddress() throws IOException;

  Options options();

  /** The descriptor, or a number that is as unique. */
  int fileno();

  /** Whether {@link #fileno} is a descriptor, so that other processes can have it. */
  boolean hasDescriptor();

  void close() throws IOException;
}
