package socketserver.spi;

import java.io.IOException;

/**
 * Something of which one can learn whether a call would have to wait: the readiness of a socket, or
 * of a file made of one.
 *
 * <p>There are two parts of it. Of a {@link #descriptor()} the system knows, and a {@link Poller}
 * waits for it. What is kept in this process, such as bytes that were read ahead, {@link #ready()}
 * tells; a {@link Watcher} is told when that has changed.
 */
public interface ReadinessSource {
  /** There is something to read, or a connection to accept: EPOLLIN in epoll_ctl(2). */
  int IN = 0x001;

  /** There is urgent data to read. */
  int PRI = 0x002;

  /** There is room to write. */
  int OUT = 0x004;

  /** Something went wrong; always reported. */
  int ERR = 0x008;

  /** Both directions have ended; always reported. */
  int HUP = 0x010;

  /** The peer has ended its direction. */
  int RDHUP = 0x2000;

  /**
   * Returns the descriptor whose readiness is a part of this one's.
   *
   * @return its number; -1 if there is none, or none any more
   */
  int descriptor();

  /**
   * Returns what is ready as far as this process knows without asking the system. Does not block,
   * and takes no lock that is held for long; may be called on any thread.
   *
   * @return the bits above
   */
  int ready();

  /**
   * Tells whether the socket is open.
   *
   * @return false once it is closed
   */
  boolean isOpen();

  /**
   * Has a watcher told of changes from now on. Also of an end that has come already: it is told
   * then at once.
   *
   * @param watcher who is to be told
   */
  void watch(Watcher watcher);

  /**
   * Has a watcher told no more.
   *
   * @param watcher who was told
   */
  void unwatch(Watcher watcher);

  /**
   * Opens what waits for descriptors such as this one's.
   *
   * @return the poller, which the caller closes
   * @throws IOException if the system refuses
   * @throws UnsupportedOperationException if there is no {@link #descriptor()}
   */
  default Poller openPoller() throws IOException {
    throw new UnsupportedOperationException("no descriptor that one could wait for");
  }

  /** Who wants to know. Called on any thread, event loops among them. */
  interface Watcher {
    /** What {@link #ready()} returns, or {@link #isOpen()}, may have changed. Does not block. */
    void changed();

    /**
     * The descriptor is about to be closed, or to be used in a way that makes its readiness
     * meaningless; {@link #descriptor()} returns -1 already. Returns when nobody waits for it any
     * more. Must not be called with a lock that {@link #ready()} takes.
     *
     * @param descriptor its number
     */
    void release(int descriptor);
  }
}
