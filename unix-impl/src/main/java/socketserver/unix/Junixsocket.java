package socketserver.unix;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
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
    for (FileDescriptor passed : fds) {
      if (!passed.valid()) {
        throw new IOException("cannot pass a descriptor that is closed");
      }
    }
    AFUNIXSocketChannel connection = duplicate(fd);
    try {
      connection.setOutboundFileDescriptors(fds);
      return connection.write(ByteBuffer.wrap(data));
    } finally {
      closeDuplicate(connection);
    }
  }

  /** The same connection under a number of its own, to be closed by {@link #closeDuplicate}. */
  static AFUNIXSocketChannel duplicate(int fd) throws IOException {
    FileDescriptor given = FileDescriptorCast.unsafeUsing(fd).getFileDescriptor();
    return FileDescriptorCast.duplicating(given).as(AFUNIXSocketChannel.class);
  }

  /** Closes the number alone: junixsocket's own close ends the connection for all who share it. */
  static void closeDuplicate(AFUNIXSocketChannel connection) throws IOException {
    new FileOutputStream(connection.getFileDescriptor()).close();
  }
}
