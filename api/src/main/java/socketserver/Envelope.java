package socketserver;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * What crosses to a child process of a request, beside its descriptor. Written byte by byte: what a
 * client has sent is never taken for an object.
 *
 * @param timeoutNanos the time-out of the request's socket
 * @param client where the request came from; null if the socket knows
 * @param data what has arrived and nobody has read, or the datagram
 */
record Envelope(long timeoutNanos, SocketAddress client, byte[] data) {
  private static final byte SOCKET_KNOWS = 0;
  private static final byte INTERNET = 1;
  private static final byte UNIX = 2;
  private static final byte OTHER = 3;

  byte[] toBytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + data.length);
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(timeoutNanos);
    writeClient(out);
    out.write(data);
    return bytes.toByteArray();
  }

  private void writeClient(DataOutputStream out) throws IOException {
    if (client == null) {
      out.writeByte(SOCKET_KNOWS);
    } else if (client instanceof InetSocketAddress inet && isPlain(inet)) {
      byte[] address = inet.getAddress().getAddress();
      out.writeByte(INTERNET);
      out.writeByte(address.length);
      out.write(address);
      out.writeShort(inet.getPort());
    } else if (client instanceof UnixAddress unix) {
      out.writeByte(UNIX);
      out.writeUTF(unix.path());
    } else {
      // an address of the server's own making: getRequest gave it
      out.writeByte(OTHER);
      ByteArrayOutputStream object = new ByteArrayOutputStream();
      try (ObjectOutputStream objects = new ObjectOutputStream(object)) {
        objects.writeObject(client);
      }
      out.writeInt(object.size());
      object.writeTo(out);
    }
  }

  /** Whether the bytes of the address say all about it. */
  private static boolean isPlain(InetSocketAddress inet) {
    InetAddress address = inet.getAddress();
    return inet.getClass() == InetSocketAddress.class
        && address != null
        && !(address instanceof Inet6Address six && six.getScopeId() != 0);
  }

  static Envelope of(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    long timeoutNanos = in.readLong();
    SocketAddress client = readClient(in);
    return new Envelope(timeoutNanos, client, in.readAllBytes());
  }

  private static SocketAddress readClient(DataInputStream in) throws IOException {
    return switch (in.readByte()) {
      case SOCKET_KNOWS -> null;
      case INTERNET ->
          new InetSocketAddress(
              InetAddress.getByAddress(in.readNBytes(in.readByte())), in.readUnsignedShort());
      case UNIX -> UnixAddress.of(in.readUTF());
      default -> readObject(in.readNBytes(in.readInt()));
    };
  }

  private static SocketAddress readObject(byte[] object) throws IOException {
    try (ObjectInputStream objects = new ObjectInputStream(new ByteArrayInputStream(object))) {
      return (SocketAddress) objects.readObject();
    } catch (ClassNotFoundException e) {
      throw new IOException("the class of a client's address is not found", e);
    }
  }
}
