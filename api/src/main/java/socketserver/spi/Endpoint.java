package socketserver.spi;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.Executor;

/**
 * One socket of a transport: what a listener, a connection and a datagram socket have in common.
 *
 * <p>Every method may be called from any thread. Options are given as the operating system numbers
 * them (see {@link socketserver.SocketConstants}); a transport that has no system calls of its own
 * translates the ones it knows.
 */
public interface Endpoint {
  /** The time-out that means "wait as long as it takes". */
  long FOREVER = -1;

  /**
   * Returns the address that this socket is bound to.
   *
   * @return the local address, or null while there is none
   * @throws IOException if the socket is closed
   */
  SocketAddress localAddress() throws IOException;

  /**
   * Sets an integer option (Python: {@code setsockopt(level, name, int)}).
   *
   * @param level the protocol level, such as {@code SOL_SOCKET}
   * @param name the option's number
   * @param value its new value
   * @throws IOException if the socket is closed, or the system or this transport refuses the option
   */
  void setOption(int level, int name, int value) throws IOException;

  /**
   * Sets an option that is a structure (Python: {@code setsockopt(level, name, bytes)}).
   *
   * @param level the protocol level
   * @param name the option's number
   * @param value the structure in the system's own layout and byte order
   * @throws IOException if the socket is closed, or the system or this transport refuses the option
   */
  void setOption(int level, int name, byte[] value) throws IOException;

  /**
   * Reads an integer option (Python: {@code getsockopt(level, name)}).
   *
   * @param level the protocol level
   * @param name the option's number
   * @return its value
   * @throws IOException if the socket is closed, or the system or this transport refuses the option
   */
  int option(int level, int name) throws IOException;

  /**
   * Reads an option that is a structure (Python: {@code getsockopt(level, name, length)}).
   *
   * @param level the protocol level
   * @param name the option's number
   * @param length the number of bytes to ask for
   * @return the structure, {@code length} bytes at the most
   * @throws IOException if the socket is closed, or the system or this transport refuses the option
   */
  byte[] option(int level, int name, int length) throws IOException;

  /**
   * Returns the descriptor's number, or for a transport without descriptors a number that is unique
   * in this process.
   *
   * @return the number, or -1 once closed
   */
  int fileno();

  /**
   * Tells whether {@link #close()} has not been called yet and nothing else closed the socket.
   *
   * @return true while it can be used
   */
  boolean isOpen();

  /**
   * Closes the socket. Idempotent. What was written is still sent; a blocked call in another thread
   * ends with an exception.
   */
  void close();

  /**
   * Waits, after {@link #close()}, a moment for what it leaves running: connections that still send
   * what was written, and threads that were there for this socket alone. Called once more when the
   * requests of a server have ended.
   */
  default void settle() {}

  /**
   * Returns what knows whether a call would have to wait.
   *
   * @return the same each time
   * @throws UnsupportedOperationException if this transport cannot tell; the message says why
   */
  default ReadinessSource readiness() {
    throw new UnsupportedOperationException("this transport cannot tell what is ready: " + this);
  }

  /**
   * Returns the thread on which this socket's events happen, for handlers that are to run there. It
   * refuses tasks once the transport has stopped.
   *
   * @return what runs tasks on that thread, soon and one after the other; null if this transport
   *     has no such thread
   */
  default Executor eventLoop() {
    return null;
  }
}
