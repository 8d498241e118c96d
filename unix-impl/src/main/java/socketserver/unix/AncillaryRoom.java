package socketserver.unix;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import socketserver.netty.ground.ChannelErrors;

/**
 * Makes room for all descriptors that can come at once.
 *
 * <p>junixsocket 2.11.1 makes room for 256 bytes whatever it is asked for, which is 60 descriptors.
 * When a peer sends more, or more than this process can open, it reports an error, and those that
 * the system has opened stay open for good. The size that it does not offer is set past its
 * interface, and what was delivered is closed.
 */
final class AncillaryRoom {
  /** The most that Linux passes at once, 253 (SCM_MAX_FD), with their header. */
  private static final int BYTES = 2048;

  /** The header of what comes beside the bytes, on 64-bit systems: cmsg(3). */
  private static final int HEAD = Long.BYTES + 2 * Integer.BYTES;

  private static final Method CORE;
  private static final Field ANCILLARY;
  private static final Method SIZE;
  private static final Field BUFFER;

  private final ByteBuffer buffer;

  static {
    try {
      CORE = method(AFUNIXSocketChannel.class, "getAFCore");
      ANCILLARY = field(CORE.getReturnType(), "ancillaryDataSupport");
      SIZE = method(ANCILLARY.getType(), "setAncillaryReceiveBufferSize0", int.class);
      BUFFER = field(ANCILLARY.getType(), "ancillaryReceiveBuffer");
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private AncillaryRoom(ByteBuffer buffer) {
    this.buffer = buffer;
  }

  /** Makes room for the next descriptors that a connection receives. */
  static AncillaryRoom make(AFUNIXSocketChannel connection) throws IOException {
    try {
      Object ancillary = ANCILLARY.get(CORE.invoke(connection));
      SIZE.invoke(ancillary, BYTES);
      return new AncillaryRoom(((ByteBuffer) BUFFER.get(ancillary)).order(ByteOrder.nativeOrder()));
    } catch (ReflectiveOperationException e) {
      throw new IOException("junixsocket makes no room for descriptors", e);
    }
  }

  /**
   * Closes what the system has opened before it found that this process can have no more
   * (MSG_CTRUNC in recvmsg(2)), of which junixsocket says nothing but that there was no room.
   *
   * @return how many there were
   */
  int closeDelivered() throws IOException {
    // the buffer is new, so its length is 0 if nothing was delivered
    int end = (int) Math.min(buffer.getLong(0), buffer.capacity());
    int count = 0;
    for (int at = HEAD; at + Integer.BYTES <= end; at += Integer.BYTES) {
      close(buffer.getInt(at));
      count++;
    }
    return count;
  }

  private static void close(int fd) throws IOException {
    try {
      new FileDescriptor(fd).close();
    } catch (IOException e) {
      throw ChannelErrors.of(e);
    }
  }

  private static Method method(Class<?> from, String name, Class<?>... parameters)
      throws ReflectiveOperationException {
    for (Class<?> type = from; type != null; type = type.getSuperclass()) {
      try {
        Method method = type.getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return method;
      } catch (NoSuchMethodException e) {
        // a superclass has it
      }
    }
    throw new NoSuchMethodException(from.getName() + "." + name);
  }

  private static Field field(Class<?> from, String name) throws ReflectiveOperationException {
    for (Class<?> type = from; type != null; type = type.getSuperclass()) {
      try {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
      } catch (NoSuchFieldException e) {
        // a superclass has it
      }
    }
    throw new NoSuchFieldException(from.getName() + "." + name);
  }
}
