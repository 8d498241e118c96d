package socketserver.netty.ground;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import socketserver.SocketConstants;
import socketserver.spi.SocketKind;

/**
 * A descriptor that this library has not opened: what the system says of it, and how calls on it
 * are made to return at once.
 */
public final class OutsideDescriptor {
  private static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");

  /** The numbers of linux/socket.h. */
  private static final int AF_UNIX = 1;

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  private OutsideDescriptor() {}

  /**
   * Asks what it is.
   *
   * @throws IOException if it is no open socket
   * @throws UnsupportedOperationException if this system does not say
   */
  public static SocketKind kind(int fd) throws IOException {
    if (!LINUX) {
      throw new UnsupportedOperationException(
          "sockets from outside need Linux: this system does not say of what family a descriptor"
              + " is");
    }
    NativeSocket socket = NativeSocket.of(fd);
    ProtocolFamily family = family(asked(socket, SocketConstants.SO_DOMAIN));
    Object peer =
        family == StandardProtocolFamily.UNIX
            ? socket.remoteDomainSocketAddress()
            : family == null ? null : socket.remoteAddress();
    return new SocketKind(
        family,
        asked(socket, SocketConstants.SO_TYPE),
        asked(socket, SocketConstants.SO_ACCEPTCONN) != 0,
        peer != null);
  }

  private static int asked(Socket socket, int option) throws IOException {
    return new Options.Native(socket).get(SocketConstants.SOL_SOCKET, option);
  }

  private static ProtocolFamily family(int number) {
    return switch (number) {
      case AF_UNIX -> StandardProtocolFamily.UNIX;
      case AF_INET -> StandardProtocolFamily.INET;
      case AF_INET6 -> StandardProtocolFamily.INET6;
      default -> null;
    };
  }

  /**
   * Sets O_NONBLOCK, which systemd and inetd do not. Netty has fcntl(2) for descriptors that it
   * receives, and nowhere else. So the descriptor is sent to a socket that talks to itself: what
   * comes out is a copy, and the flag is the socket's, not the descriptor's.
   *
   * @throws IOException if the system refuses
   */
  public static void unblock(int fd) throws IOException {
    try {
      Socket itself = NativeSocket.unixDatagram();
      try {
        // a name of the system's choice; once it is connected nobody else can send to it
        itself.bind(new DomainSocketAddress(""));
        itself.connect(itself.localDomainSocketAddress());
        if (itself.sendFd(fd) < 0 || receiveAll(itself) == 0) {
          throw new IOException("the system passes no descriptors");
        }
      } finally {
        itself.close();
      }
    } catch (IOException | ChannelException e) {
      throw ChannelErrors.failed("cannot make calls on descriptor " + fd + " return at once", e);
    }
  }

  /** Takes all that has arrived, as somebody may have sent something first; how many there were. */
  private static int receiveAll(Socket socket) throws IOException {
    int count = 0;
    for (int copy = socket.recvFd(); copy != 0; copy = socket.recvFd()) {
      if (copy > 0) {
        count++;
        new FileDescriptor(copy).close();
      }
    }
    return count;
  }
}
