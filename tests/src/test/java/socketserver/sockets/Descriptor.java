package socketserver.sockets;

import java.io.IOException;

/** A descriptor that a socket has given away. */
final class Descriptor {
  private Descriptor() {}

  static void close(int fd) throws IOException {
    new io.netty.channel.unix.FileDescriptor(fd).close();
  }
}
