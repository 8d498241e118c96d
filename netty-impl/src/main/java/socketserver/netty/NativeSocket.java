package socketserver.netty;

import io.netty.channel.ChannelException;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Socket;
import java.io.IOException;

/** A system socket of a chosen family, non-blocking and closed on exec. */
final class NativeSocket extends Socket {
  private NativeSocket(int fd) {
    super(fd);
  }

  /**
   * A socket of which there is a descriptor.
   *
   * @throws IOException if it is none
   */
  static NativeSocket of(int fd) throws IOException {
    try {
      return new NativeSocket(fd);
    } catch (ChannelException e) {
      throw new IOException("descriptor " + fd + " is no socket that is open", e);
    }
  }

  static NativeSocket stream(SocketProtocolFamily family) {
    return new NativeSocket(newSocketStream0(family));
  }

  static NativeSocket datagram(SocketProtocolFamily family) {
    return new NativeSocket(newSocketDgram0(family));
  }

  static NativeSocket unixStream() {
    return new NativeSocket(newSocketDomain0());
  }

  static NativeSocket unixDatagram() {
    return new NativeSocket(newSocketDomainDgram0());
  }
}
