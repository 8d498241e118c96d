package socketserver.unix;

import java.io.IOException;
import socketserver.UnixAddress;
import socketserver.netty.UnixSystem;

/** What Netty has not. */
final class Junixsocket implements UnixSystem {
  @Override
  public void bind(UnixAddress address, BindCall call) throws IOException {
    SocketPath.bind(address, call);
  }

  @Override
  public Passing passing(int fd) {
    return new DescriptorPassing(fd);
  }
}
