package socketserver.examples;

import java.io.Closeable;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import socketserver.StreamSocket;
import socketserver.WouldBlockException;

/**
 * One end of a connection of the chat: whole messages in, whole messages out, and no call that
 * waits. For the one thread that selects.
 *
 * <p>A message is what the original sends: {@code struct.pack("L", socket.htonl(length))}, which is
 * the length as four bytes, the highest first, and four zeros (on Linux with 64 bits), and then a
 * pickle of a tuple of one string. What either direction can hold is bounded.
 */
final class ChatConnection implements Closeable {
  /** How many bytes the pickle of a message may have that a server takes. */
  static final int LONGEST = 64 << 10;

  /** How many bytes may wait for a peer that does not read. */
  static final int MOST_WAITING = 1 << 20;

  private static final int HEADER = Long.BYTES;

  private final StreamSocket channel;
  private final int longest;

  /** What has arrived, up to its position. */
  private ByteBuffer arrived = ByteBuffer.allocate(8 << 10);

  /** What is still to be sent. */
  private final Deque<byte[]> waiting = new ArrayDeque<>();

  /** How many bytes that is. */
  private int waitingBytes;

  ChatConnection(StreamSocket channel, int longest) {
    this.channel = channel;
    this.longest = longest;
    channel.setblocking(false);
  }

  /** What is to be selected. */
  StreamSocket channel() {
    return channel;
  }

  /** Makes a message of a text. */
  static byte[] message(String text) {
    byte[] pickle = Pickle.dumps(text);
    ByteBuffer message = ByteBuffer.allocate(HEADER + pickle.length);
    return message.putInt(pickle.length).putInt(0).put(pickle).array();
  }

  /**
   * Takes what has arrived, once, for {@link #next}.
   *
   * @return false at the end of the stream
   */
  boolean receive() throws IOException {
    try {
      int count = channel.recvInto(arrived.array(), arrived.position(), arrived.remaining());
      arrived.position(arrived.position() + count);
      return count > 0;
    } catch (WouldBlockException e) {
      return true;
    }
  }

  /**
   * Returns the next text that has arrived as a whole, or null. To be called until it is null
   * before more is received.
   *
   * @throws ProtocolException if what has arrived is no message, or a too long one
   */
  String next() throws ProtocolException {
    arrived.flip();
    int needed = HEADER;
    try {
      if (arrived.remaining() < HEADER) {
        return null;
      }
      needed += length(arrived.getLong(0));
      if (arrived.remaining() < needed) {
        return null;
      }
      byte[] pickle = new byte[needed - HEADER];
      arrived.position(HEADER).get(pickle);
      return Pickle.loads(pickle);
    } finally {
      arrived.compact();
      if (arrived.capacity() < needed) {
        arrived = ByteBuffer.allocate(needed).put(arrived.flip());
      }
    }
  }

  private int length(long header) throws ProtocolException {
    long length = header >>> Integer.SIZE;
    if ((int) header != 0) {
      throw new ProtocolException(String.format("not a header: 0x%016x", header));
    }
    if (length > longest) {
      throw new ProtocolException(
          "message too long: " + length + " bytes, " + longest + " allowed");
    }
    return (int) length;
  }

  /**
   * Sends a message after those that wait: what there is room for at once, the rest by {@link
   * #flush}.
   *
   * @param message the bytes, which stay as they are: they may be on their way to others, too
   */
  void send(byte[] message) throws IOException {
    waiting.add(message);
    waitingBytes += message.length;
    flush();
    if (waitingBytes > MOST_WAITING) {
      throw new IOException("does not read: " + waitingBytes + " bytes wait for it");
    }
  }

  /** Sends what there is room for. */
  void flush() throws IOException {
    try {
      while (hasWaiting()) {
        byte[] first = waiting.element();
        int sent = channel.send(first);
        waiting.remove();
        waitingBytes -= sent;
        if (sent < first.length) {
          waiting.addFirst(Arrays.copyOfRange(first, sent, first.length));
        }
      }
    } catch (WouldBlockException e) {
      // there is room when the channel is writable
    }
  }

  /** Whether to select the channel for writing. */
  boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  @Override
  public void close() {
    channel.close();
  }
}
