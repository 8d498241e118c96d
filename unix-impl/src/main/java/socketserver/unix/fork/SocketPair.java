package socketserver.unix.fork;

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.UUID;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;

/**
 * Two connected sockets that nobody can reach who is not given one.
 *
 * @param near the end that stays
 * @param far the end to be given away
 */
record SocketPair(OwnDescriptor near, OwnDescriptor far) implements AutoCloseable {
  /**
   * Makes a pair: not with junixsocket's own, each of which leaves two more sockets open for good,
   * but over a name that is there for that moment, and on which only this process is let in.
   */
  static SocketPair open() throws IOException {
    AFUNIXSocketAddress name =
        AFUNIXSocketAddress.inAbstractNamespace("socketserver-" + UUID.randomUUID());
    try (AFUNIXServerSocketChannel listener = AFUNIXServerSocketChannel.open()) {
      listener.bind(name);
      // from there on junixsocket's objects no longer own the descriptors
      OwnDescriptor far = own(AFUNIXSocketChannel.open(name));
      try {
        return new SocketPair(own(accept(listener)), far);
      } catch (Throwable e) {
        far.close();
        throw e;
      }
    }
  }

  private static AFUNIXSocketChannel accept(AFUNIXServerSocketChannel listener) throws IOException {
    while (true) {
      AFUNIXSocketChannel accepted = listener.accept();
      if (accepted.getPeerCredentials().getPid() == ProcessHandle.current().pid()) {
        return accepted;
      }
      accepted.close();
    }
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
