package socketserver.contract;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.ProtocolFamily;
import org.newsclub.net.unix.FileDescriptorCast;
import socketserver.DgramSocket;
import socketserver.StreamSocket;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.StreamEndpoint;

/**
 * Stands for another process that is given descriptors: it has copies of its own, and adopts them.
 */
public final class Copies {
  private Copies() {}

  /** Makes a second descriptor of the same socket. */
  public static int of(int descriptor) throws IOException {
    var given = FileDescriptorCast.unsafeUsing(descriptor).getFileDescriptor();
    var copy = FileDescriptorCast.duplicating(given).getFileDescriptor();
    return FileDescriptorCast.using(copy).as(Integer.class);
  }

  /** What the library makes of an adopted connection, which is not public. */
  static StreamSocket socket(StreamEndpoint adopted) {
    try {
      Method factory = StreamSocket.class.getDeclaredMethod("accepted", StreamEndpoint.class);
      factory.setAccessible(true);
      return (StreamSocket) factory.invoke(null, adopted);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** What the library makes of an adopted datagram socket, which is not public. */
  static DgramSocket socket(DatagramEndpoint adopted, ProtocolFamily family) {
    try {
      var constructor =
          DgramSocket.class.getDeclaredConstructor(DatagramEndpoint.class, ProtocolFamily.class);
      constructor.setAccessible(true);
      return constructor.newInstance(adopted, family);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** A copy of a datagram socket, as another process would have it. */
  static DgramSocket of(DatagramKind kind, DgramSocket socket) throws IOException {
    return socket(kind.transport().adoptDatagram(of(socket.fileno())), kind.family());
  }

  /** Hands a connection over and closes it, and goes on with a copy as another process would. */
  static StreamSocket handedOver(StreamKind kind, StreamSocket socket) throws IOException {
    StreamEndpoint endpoint = (StreamEndpoint) socket.transportEndpoint();
    byte[] unread = endpoint.handOver();
    if (unread.length > 0) {
      throw new AssertionError(unread.length + " bytes were read before anybody asked");
    }
    int copy = of(socket.fileno());
    socket.close();
    return socket(kind.transport().adoptStream(copy, new byte[0]));
  }
}
