package socketserver.netty;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.NotYetConnectedException;
import java.util.Arrays;

/**
 * The descriptor of a stream, read and written by system calls that do not wait, and what was read
 * from it and is to be read again. Whoever calls this holds the connection's lock.
 */
final class StreamDescriptor {
  /** What would have to wait: reading no byte is not possible, as the end is -1. */
  static final int HAS_TO_WAIT = 0;

  private static final byte[] NOTHING = {};

  private final Socket socket;

  /** Guarded by the connection's lock for writing: comes before all that the system has. */
  private volatile byte[] arrived = NOTHING;

  /** Guarded by the connection's lock: writing was shut down. */
  private boolean outputEnded;

  StreamDescriptor(Socket socket) {
    this.socket = socket;
  }

  Socket socket() {
    return socket;
  }

  /** What is to be read before all else. */
  void arrived(byte[] bytes) {
    arrived = bytes;
  }

  /** What is to be read before all else; without the lock a hint. */
  byte[] arrived() {
    return arrived;
  }

  boolean outputEnded() {
    return outputEnded;
  }

  /** Reads what is there: how much, HAS_TO_WAIT, or -1 at the end. */
  int read(byte[] target, int offset, int length) throws IOException {
    if (arrived.length > 0) {
      int count = Math.min(length, arrived.length);
      System.arraycopy(arrived, 0, target, offset, count);
      arrived = Arrays.copyOfRange(arrived, count, arrived.length);
      return count;
    }
    Scratch scratch = Scratch.take();
    try {
      int count = socket.recvAddress(scratch.address(), 0, Math.min(length, Scratch.SIZE));
      if (count > 0) {
        scratch.buffer().get(0, target, offset, count);
      }
      return count;
    } finally {
      scratch.give();
    }
  }

  /** Reads what is there, in an array as long as that; none at the end; null if it has to wait. */
  byte[] receive(int most) throws IOException {
    if (arrived.length > 0) {
      byte[] bytes = Arrays.copyOf(arrived, Math.min(most, arrived.length));
      arrived = Arrays.copyOfRange(arrived, bytes.length, arrived.length);
      return bytes;
    }
    Scratch scratch = Scratch.take();
    try {
      int count = socket.recvAddress(scratch.address(), 0, Math.min(most, Scratch.SIZE));
      if (count == HAS_TO_WAIT) {
        return null;
      }
      byte[] bytes = new byte[Math.max(count, 0)];
      scratch.buffer().get(0, bytes);
      return bytes;
    } finally {
      scratch.give();
    }
  }

  /** Reads what is there to be read again: how much of that there is. */
  int look() throws IOException {
    return arrived.length > 0 ? arrived.length : readAhead();
  }

  /** Reads more, to be read again: how much, HAS_TO_WAIT, or -1 at the end. */
  int readAhead() throws IOException {
    byte[] before = arrived;
    arrived = NOTHING;
    byte[] more = new byte[Scratch.SIZE];
    int count = HAS_TO_WAIT;
    try {
      count = read(more, 0, more.length);
    } finally {
      arrived = Arrays.copyOf(before, before.length + Math.max(count, 0));
      System.arraycopy(more, 0, arrived, before.length, Math.max(count, 0));
    }
    return count;
  }

  /** Writes as much as there is room for; HAS_TO_WAIT if there is none. */
  int write(byte[] source, int offset, int length) throws IOException {
    Scratch scratch = Scratch.take();
    try {
      int most = Math.min(length, Scratch.SIZE);
      scratch.buffer().put(0, source, offset, most);
      return socket.sendAddress(scratch.address(), 0, most);
    } finally {
      scratch.give();
    }
  }

  /** Asks who the peer is. */
  interface Peer {
    SocketAddress ask(Socket socket) throws IOException;
  }

  void shutdownOutput(Peer peer) throws IOException {
    if (outputEnded) {
      // Netty makes the call once; the system refuses it when the peer has ended as well
      peer.ask(socket);
    }
    try {
      socket.shutdown(false, true);
      outputEnded = true;
    } catch (IOException | NotYetConnectedException e) {
      throw ChannelErrors.of(e);
    }
  }
}
