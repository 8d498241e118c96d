package socketserver;

import java.io.Closeable;
import socketserver.spi.Hold;

/**
 * The hold that a file made of a socket has on it: until the file is closed, or until nobody has it
 * any more.
 */
final class FileHold extends Hold<Closeable> {
  private final StreamSocket socket;

  FileHold(StreamSocket socket, Closeable file) {
    super(file);
    this.socket = socket;
    begin();
  }

  /** Lets go of the socket. */
  void release() {
    drop();
    socket.released(this);
  }

  @Override
  protected void forgotten() {
    socket.released(this);
  }
}
