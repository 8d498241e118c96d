package socketserver.netty;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import socketserver.PeerCredentials;
import socketserver.ReceivedFds;
import socketserver.UnixAddress;

/**
 * The system calls of a {@link DirectStream}, which calls them one at a time, but for {@link
 * #await}, {@link #nudge} and {@link #wake}. None waits but {@code await}.
 */
interface DirectCalls {
  /** Receives into a direct buffer, from its start: how many bytes, 0 if none, -1 at the end. */
  int receive(ByteBuffer buffer) throws IOException;

  /** Sends so many bytes from the start of a direct buffer: how many went, 0 if none. */
  int send(ByteBuffer buffer, int length) throws IOException;

  /** How many bytes have arrived; -1 if that cannot be told. */
  int available() throws IOException;

  /** Ends a direction. */
  void shutdown(boolean input, boolean output) throws IOException;

  /** Waits for {@link Readiness#READ} or {@link Readiness#WRITE}; false if the time is over. */
  boolean await(int event, long timeoutNanos) throws IOException;

  /** Ends every wait that is going on, as if what it waits for were there. */
  void nudge();

  /** Ends every wait, now and later; {@link #close} or {@link #detach} follows. */
  void wake();

  UnixAddress localAddress() throws IOException;

  Options options();

  PeerCredentials credentials() throws IOException;

  /** As {@link UnixSystem.Passing#send}; an interrupt has no effect. */
  int sendFds(byte[] data, FileDescriptor[] fds) throws IOException;

  /** As {@link UnixSystem.Passing#receive}; an interrupt has no effect. */
  ReceivedFds receiveFds(int size, int maxFds) throws IOException;

  int fileno();

  /** Gives the descriptor away. */
  int detach() throws IOException;

  void close() throws IOException;

  /** Whether the system's epoll can watch the descriptor. */
  default boolean watchable() {
    return false;
  }
}
