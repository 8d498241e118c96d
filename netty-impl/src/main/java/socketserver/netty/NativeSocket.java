package socketserver.netty;

import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Socket;

/** A system socket of a chosen family, non-blocking and closed on exec. */
final class NativeSocket extends Socket {
  private NativeSocket(int fd) {
    super(fd);
  }

  static NativeSocket stream(SocketProtocolFamily family) {
    return new NativeSocket(newSocketStream0(family));
  }

  static NativeSocket unixStream() {
    return new NativeSocket(newSocketDomain0());
  }

  static NativeSocket unixDatagram() {
    return new NativeSocket(newSocketDomainDgram0());
  }
}
