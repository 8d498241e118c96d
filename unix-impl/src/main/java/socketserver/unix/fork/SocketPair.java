package socketserver.unix.fork;

import java.io.FileDescriptor;
import java.io.IOException;
import socketserver.unix.NativePair;

/**
 * Two connected sockets that nobody can reach who is not given one.
 *
 * @param near the end that stays
 * @param far the end to be given away
 */
record SocketPair(OwnDescriptor near, OwnDescriptor far) implements AutoCloseable {
  /** Makes a pair, on which calls wait. */
  static SocketPair open() throws IOException {
    FileDescriptor[] ends = NativePair.open(true);
    return new SocketPair(new OwnDescriptor(ends[0]), new OwnDescriptor(ends[1]));
  }

  @Override
  public void close() {
    near.close();
    far.close();
  }
}
