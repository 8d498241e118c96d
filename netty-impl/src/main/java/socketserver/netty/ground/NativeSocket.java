package socketserver.netty.ground;

import io.netty.channel.ChannelException;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.SocketConstants;

/** A system socket of a chosen family, non-blocking and closed on exec. */
public final class NativeSocket extends Socket {
  /** The numbers of linux/in.h and linux/in6.h for which there is no constant. */
  private static final int IP_MULTICAST_ALL = 49;

  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_MULTICAST_ALL = 29;

  private static final Logger LOGGER = LoggerFactory.getLogger(NativeSocket.class);

  private NativeSocket(int fd) {
    super(fd);
  }

  /**
   * A socket of which there is a descriptor.
   *
   * @throws IOException if it is none
   */
  public static NativeSocket of(int fd) throws IOException {
    try {
      return new NativeSocket(fd);
    } catch (ChannelException e) {
      throw new IOException("descriptor " + fd + " is no open socket", e);
    }
  }

  public static NativeSocket stream(SocketProtocolFamily family) {
    return new NativeSocket(newSocketStream0(family));
  }

  /** As Netty's own it hears the groups that it has joined, not all that somebody here has. */
  public static NativeSocket datagram(SocketProtocolFamily family) {
    NativeSocket socket = new NativeSocket(newSocketDgram0(family));
    try {
      if (family == SocketProtocolFamily.INET6) {
        socket.setIntOpt(IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);
      } else {
        socket.setIntOpt(SocketConstants.IPPROTO_IP, IP_MULTICAST_ALL, 0);
      }
    } catch (IOException e) {
      LOGGER.debug("the system lets sockets hear all groups: {}", e.toString());
    }
    return socket;
  }

  public static NativeSocket unixStream() {
    return new NativeSocket(newSocketDomain0());
  }

  public static NativeSocket unixDatagram() {
    return new NativeSocket(newSocketDomainDgram0());
  }
}
