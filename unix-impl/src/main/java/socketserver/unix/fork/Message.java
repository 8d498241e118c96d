package socketserver.unix.fork;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a parent tells its child. On the wire: the kind, the lengths, the bytes, and a descriptor if
 * the kind has one. A child answers with {@link Answer}s.
 *
 * @param kind what the child is to do
 * @param last whether the child is to end when that is done
 * @param task a serialised {@link socketserver.spi.ForkedTask}
 * @param data the bytes that go with the task
 * @param fd the descriptor that goes with the task; the receiver's
 */
record Message(Kind kind, boolean last, byte[] task, byte[] data, int fd) {
  private static final int HEAD = 2 + 2 * Integer.BYTES;

  /** What a child can be told. */
  enum Kind {
    /** To load what it needs. */
    REHEARSE,
    /** To handle a request. */
    HANDLE,
    /** To end when it has nothing to do. */
    LEAVE
  }

  static Message leave() {
    return new Message(Kind.LEAVE, true, new byte[0], new byte[0], -1);
  }

  /** How many bytes it has on the wire. */
  int length() {
    return HEAD + task.length + data.length;
  }

  void send(DescriptorChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length());
    bytes.put((byte) kind.ordinal()).put((byte) (last ? 1 : 0));
    bytes.putInt(task.length).putInt(data.length).put(task).put(data);
    channel.send(bytes.array(), kind == Kind.LEAVE ? -1 : fd);
  }

  static Message receive(DescriptorChannel channel) throws IOException {
    ByteBuffer head = ByteBuffer.wrap(new byte[HEAD]);
    channel.read(head.array());
    Kind kind = Kind.values()[head.get()];
    boolean last = head.get() == 1;
    byte[] task = new byte[head.getInt()];
    byte[] data = new byte[head.getInt()];
    channel.read(task);
    channel.read(data);
    return new Message(kind, last, task, data, kind == Kind.LEAVE ? -1 : channel.receive());
  }
}
