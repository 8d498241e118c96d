package socketserver.unix.fork;

import java.io.FileDescriptor;
import java.io.IOException;
import org.newsclub.net.unix.AFUNIXSelectorProvider;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketPair;

/**
 * Two connected sockets without a name, so that nobody can reach them who is not given one.
 *
 * @param near the end that stays
 * @param far the end to be given away
 */
record SocketPair(OwnDescriptor near, OwnDescriptor far) implements AutoCloseable {
  static SocketPair open() throws IOException {
    AFUNIXSocketPair<AFUNIXSocketChannel> pair =
        AFUNIXSelectorProvider.provider().openSocketChannelPair();
    // from here on junixsocket's objects no longer own the descriptors
    return new SocketPair(own(pair.getSocket1()), own(pair.getSocket2()));
  }

  private static OwnDescriptor own(AFUNIXSocketChannel end) throws IOException {
    FileDescriptor original = end.getFileDescriptor();
    try {
      return OwnDescriptor.duplicate(original);
    } finally {
      new OwnDescriptor(original).close();
    }
  }

  @Override
  public void close() {
    near.close();
    far.close();
  }
}
