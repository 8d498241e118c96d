package socketserver.unix;

import java.io.FileDescriptor;
import java.io.IOException;
import org.newsclub.net.unix.FileDescriptorCast;
import socketserver.UnixAddress;
import socketserver.netty.UnixSystem;

/** What Netty has not. */
final class Junixsocket implements UnixSystem {
  @Override
  public void bind(UnixAddress address, BindCall call) throws IOException {
    SocketPath.bind(address, call);
  }

  @Override
  public int[] pair() throws IOException {
    NativeLibrary.require("socket pairs");
    FileDescriptor[] ends = NativePair.open(false);
    return new int[] {
      FileDescriptorCast.using(ends[0]).as(Integer.class),
      FileDescriptorCast.using(ends[1]).as(Integer.class)
    };
  }

  @Override
  public Passing passing(int fd) throws IOException {
    NativeLibrary.require("calls that pass descriptors");
    return new DescriptorPassing(fd);
  }
}
