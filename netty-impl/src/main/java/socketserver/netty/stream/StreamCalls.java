package socketserver.netty.stream;

import io.netty.channel.DefaultFileRegion;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Arrays;
import socketserver.PeerCredentials;
import socketserver.ReceivedFds;
import socketserver.netty.ground.Scratch;
import socketserver.netty.ground.SocketCalls;
import socketserver.netty.loop.Mechanisms;

/** The system calls of one stream socket. */
public interface StreamCalls extends SocketCalls {
  /** What {@link #sendFile} says where there is no sendfile(2). */
  int NOT_SENT_BY_SYSTEM = -1;

  /** Receives: how many bytes, 0 if none is there, -1 at the end. */
  int receive(byte[] target, int offset, int length) throws IOException;

  /** Receives, in an array as long as what is there; none at the end, null if nothing is there. */
  default byte[] receive(int most) throws IOException {
    byte[] room = new byte[Math.min(most, Scratch.SIZE)];
    int count = receive(room, 0, room.length);
    return count == 0 ? null : Arrays.copyOf(room, Math.max(count, 0));
  }

  /** Sends: how many bytes went, 0 if there was no room. */
  int send(byte[] source, int offset, int length) throws IOException;

  /** Sends a part of a file: how much went, 0 if there was no room or the file ends before. */
  default long sendFile(DefaultFileRegion region, long from, long count) throws IOException {
    return NOT_SENT_BY_SYSTEM;
  }

  /** How many bytes have arrived; -1 if that cannot be told without receiving them. */
  default int available() throws IOException {
    return -1;
  }

  void shutdown(boolean input, boolean output) throws IOException;

  /** One connect(2): the system's number for why it is not connected, 0 if it is. */
  int connect(SocketAddress address) throws IOException;

  /**
   * Asks who the peer is.
   *
   * @throws java.net.SocketException if it is not connected
   */
  SocketAddress remoteAddress() throws IOException;

  /** Whether a reset was reported, where the system cannot be asked. */
  default boolean wasReset() {
    return false;
  }

  // What only some have

  default byte receiveUrgent(Input input) throws IOException {
    throw new UnsupportedOperationException("no urgent data without TCP and epoll");
  }

  /** Sends one byte as urgent: 1, or 0 if there is no room. */
  default int sendUrgent(byte value) throws IOException {
    throw new UnsupportedOperationException("no urgent data without TCP and epoll");
  }

  default PeerCredentials credentials() throws IOException {
    throw new UnsupportedOperationException(
        "only unix sockets with epoll tell the peer's process" + Mechanisms.whyNoEpoll());
  }

  /** As {@link UnixSystem.Passing#send}; an interrupt has no effect. */
  default int sendFds(byte[] data, FileDescriptor[] fds) throws IOException {
    throw passesNone();
  }

  /** As {@link UnixSystem.Passing#receive}; an interrupt has no effect. */
  default ReceivedFds receiveFds(int size, int maxFds) throws IOException {
    throw passesNone();
  }

  private static UnsupportedOperationException passesNone() {
    return new UnsupportedOperationException(
        "only unix sockets with epoll pass descriptors" + Mechanisms.whyNoEpoll());
  }
}
