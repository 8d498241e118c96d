package socketserver.unix.fork;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * A descriptor that is ours: its end closes the number and nothing else, while junixsocket's own
 * objects also shut down the connection that the number shares with others.
 */
final class OwnDescriptor implements AutoCloseable {
  private final FileDescriptor fd;
  private boolean released;

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

  /** Gives the number to somebody who will close it. */
  int release() throws IOException {
    released = true;
    return number();
  }

  /** A second call has no effect. */
  @Override
  public void close() {
    try {
      if (!released && fd.valid()) {
        new FileOutputStream(fd).close();
      }
    } catch (IOException e) {
      // close(2) lets go of the number whatever it says
    }
  }
}
