package socketserver.unix.fork;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * A descriptor that is ours: its end closes the number and nothing else, while junixsocket's own
 * objects also shut down the connection that the number shares with others.
 */
final class OwnDescriptor implements AutoCloseable {
  private final FileDescriptor fd;

  /** Takes over a descriptor. */
  OwnDescriptor(FileDescriptor fd) {
    this.fd = fd;
  }

  /** Makes a second descriptor of the same file. */
  static OwnDescriptor duplicate(FileDescriptor fd) throws IOException {
    return new OwnDescriptor(FileDescriptorCast.duplicating(fd).getFileDescriptor());
  }

  /** Makes a second descriptor of the same file. */
  static OwnDescriptor duplicate(int fd) throws IOException {
    return duplicate(FileDescriptorCast.unsafeUsing(fd).getFileDescriptor());
  }

  int number() throws IOException {
    return FileDescriptorCast.using(fd).as(Integer.class);
  }

  /** As the standard input of a process to start. */
  ProcessBuilder.Redirect redirect() throws IOException {
    return FileDescriptorCast.using(fd).as(ProcessBuilder.Redirect.class);
  }

  void write(byte[] data) throws IOException {
    new FileOutputStream(fd).write(data);
  }

  /** Makes calls on the file wait, whichever process makes them. */
  void block() throws IOException {
    FileDescriptor copy = FileDescriptorCast.duplicating(fd).getFileDescriptor();
    try {
      AFUNIXSocketChannel channel = FileDescriptorCast.using(copy).as(AFUNIXSocketChannel.class);
      // which believes that it does already
      channel.configureBlocking(false);
      channel.configureBlocking(true);
    } finally {
      new OwnDescriptor(copy).close();
    }
  }

  /** A second call has no effect. */
  @Override
  public void close() {
    try {
      if (fd.valid()) {
        new FileOutputStream(fd).close();
      }
    } catch (IOException e) {
      // close(2) lets go of the number whatever it says
    }
  }
}
