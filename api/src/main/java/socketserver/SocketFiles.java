package socketserver;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The files made of a socket, each of which keeps its connection open until it is closed, or until
 * nobody has it any more. On any thread.
 */
final class SocketFiles {
  private final StreamSocket socket;

  /** Guards closed, and holds for writing. */
  private final Object lock = new Object();

  /** Those of the files that are not closed. */
  private final List<FileHold> holds = new CopyOnWriteArrayList<>();

  /** The socket itself is closed. */
  private boolean closed;

  SocketFiles(StreamSocket socket) {
    this.socket = socket;
  }

  /** Begins a file's hold on the connection. */
  FileHold hold(Closeable file) throws IOException {
    synchronized (lock) {
      if (closed || !socket.endpoint().isOpen()) {
        throw BaseSocket.closed();
      }
      FileHold hold = new FileHold(this, file);
      holds.add(hold);
      return hold;
    }
  }

  /** A file is closed, or nobody has it any more: closes the connection that only it has held. */
  void released(FileHold hold) {
    synchronized (lock) {
      boolean held = holds.remove(hold);
      if (!held || !closed || !holds.isEmpty()) {
        return;
      }
    }
    socket.closeConnection();
  }

  /** The socket is closed; returns whether no file holds its connection. */
  boolean close() {
    synchronized (lock) {
      closed = true;
      return holds.isEmpty();
    }
  }

  /** The socket is closed, and no file holds its connection any longer. */
  void drop() {
    synchronized (lock) {
      closed = true;
      holds.forEach(FileHold::drop);
      holds.clear();
    }
  }

  /** As {@link StreamSocket#hasUnread}. */
  boolean haveUnread() {
    for (FileHold hold : holds) {
      if (hold.get() instanceof SocketReader reader && reader.holdsBytes()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a reader has the beginning of something, and waits for the rest. */
  boolean areMidway() {
    for (FileHold hold : holds) {
      if (hold.get() instanceof SocketReader reader && reader.isMidway()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Sends what the writers hold, and takes what the readers have read ahead, for a socket that goes
   * on with another protocol.
   */
  byte[] flushAndTakeUnread() throws IOException {
    ByteArrayOutputStream unread = new ByteArrayOutputStream();
    for (FileHold hold : holds) {
      Closeable file = hold.get();
      if (file instanceof SocketWriter writer) {
        writer.flush();
      } else if (file instanceof SocketReader reader) {
        unread.writeBytes(reader.takeBuffered());
      }
    }
    return unread.toByteArray();
  }
}
