package socketserver;

import java.io.Closeable;
import socketserver.spi.Hold;

/**
 * The hold that a file made of a socket has on it: until the file is closed, or until nobody has it
 * any more.
 */
final class FileHold extends Hold<Closeable> {
  private final SocketFiles files;

  FileHold(SocketFiles files, Closeable file) {
    super(file);
    this.files = files;
    begin();
  }

  /** Lets go of the connection. */
  void release() {
    drop();
    files.released(this);
  }

  @Override
  protected void forgotten() {
    files.released(this);
  }
}
