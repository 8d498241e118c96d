package socketserver.netty.ground;

import java.io.IOException;
import java.net.SocketAddress;
import socketserver.netty.loop.Readiness;

/**
 * The system calls that all kinds of sockets have in common. None of them waits. Whoever makes one
 * holds a lock of the socket's that keeps it open meanwhile.
 */
public interface SocketCalls {
  /** What has a {@link Readiness} wait for the socket. */
  Object source();

  void bind(SocketAddress address) throws IOException;

  /** What it is bound to; null if to nothing. */
  SocketAddress localAddress() throws IOException;

  Options options();

  /** The descriptor, or a number that is as unique. */
  int fileno();

  /** Whether {@link #fileno} is a descriptor, so that other processes can have it. */
  default boolean hasDescriptor() {
    return false;
  }

  void close() throws IOException;
}
