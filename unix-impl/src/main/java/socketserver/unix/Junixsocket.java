package socketserver.unix;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;
import socketserver.UnixAddress;
import socketserver.netty.UnixSystem;
import socketserver.spi.UnixStreamEndpoint;

/**
 * What Netty has not, with junixsocket. It only ever works on duplicates of a descriptor, which are
 * its own to close: a number that two libraries close is sooner or later another file's.
 */
final class Junixsocket implements UnixSystem {
  @Override
  public void bind(UnixAddress address, BindCall call) throws IOException {
    SocketPath.bind(address, call);
  }

  @Override
  public UnixStreamEndpoint withoutReadAhead(int fd, UnixAddress peer) throws IOException {
    throw new UnsupportedOperationException("not there yet");
  }

  @Override
  public int sendFds(int fd, byte[] data, FileDescriptor[] fds) throws IOException {
    try (AFUNIXSocketChannel connection = duplicate(fd)) {
      connection.setOutboundFileDescriptors(fds);
      return connection.write(ByteBuffer.wrap(data));
    }
  }

  /** The same connection under a number of its own, closing which does not end it. */
  static AFUNIXSocketChannel duplicate(int fd) throws IOException {
    FileDescriptor given = FileDescriptorCast.unsafeUsing(fd).getFileDescriptor();
    AFUNIXSocketChannel connection =
        FileDescriptorCast.duplicating(given).as(AFUNIXSocketChannel.class);
    connection.setShutdownOnClose(false);
    return connection;
  }
}
