package socketserver;

import java.io.Closeable;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The hold that a file made of a socket has on it: until the file is closed, or until nobody has it
 * any more. CPython sees the latter at once by counting references; here the garbage collector
 * finds it, and the next socket that is made or closed acts on it.
 */
final class FileHold extends WeakReference<Closeable> {
  private static final ReferenceQueue<Closeable> FORGOTTEN = new ReferenceQueue<>();
  private static final Set<FileHold> HOLDS = ConcurrentHashMap.newKeySet();

  private final StreamSocket socket;

  FileHold(StreamSocket socket, Closeable file) {
    super(file, FORGOTTEN);
    this.socket = socket;
    HOLDS.add(this);
  }

  /** Lets go of the socket. */
  void release() {
    drop();
    socket.released(this);
  }

  /** Forgets the hold without telling the socket. */
  void drop() {
    HOLDS.remove(this);
    clear();
  }

  /** Lets go of sockets whose files nobody has any more. */
  static void releaseForgotten() {
    for (var file = FORGOTTEN.poll(); file != null; file = FORGOTTEN.poll()) {
      ((FileHold) file).release();
    }
  }
}
