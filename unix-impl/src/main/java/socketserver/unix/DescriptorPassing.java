package socketserver.unix;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.BrokenPipeSocketException;
import org.newsclub.net.unix.ConnectionResetSocketException;
import org.newsclub.net.unix.FileDescriptorCast;
import org.newsclub.net.unix.NotConnectedSocketException;
import socketserver.Errno;
import socketserver.ReceivedFds;
import socketserver.spi.SystemErrors;

/**
 * Descriptors over a connection, with junixsocket.
 *
 * <p>junixsocket gets a duplicate of the connection for each call, and the call's end closes the
 * duplicate's number alone: junixsocket's own close shuts the connection down for all who share it.
 * It also remembers what it has received, by number, and would close that with the connection, when
 * the number may be another file's; so what is handed out are duplicates, too, and its own are
 * closed before the call ends.
 */
final class DescriptorPassing {
  private static final int LARGEST = 64 << 10;

  private final int fd;

  DescriptorPassing(int fd) {
    this.fd = fd;
  }

  /**
   * Sends bytes and descriptors, without a wait. Nobody else writes to the connection meanwhile.
   *
   * @param fds the descriptors, which stay open
   * @return how many bytes were sent, and the descriptors with them; 0 if there was no room
   * @throws IOException if the peer is gone, or one of the descriptors is not open
   */
  int send(byte[] data, FileDescriptor[] fds) throws IOException {
    for (FileDescriptor passed : fds) {
      if (!passed.valid()) {
        throw new IOException("cannot pass a descriptor that is closed");
      }
    }
    AFUNIXSocketChannel connection = duplicate();
    try {
      connection.setOutboundFileDescriptors(fds);
      return connection.write(ByteBuffer.wrap(data));
    } catch (IOException e) {
      throw inTermsOfTheApi(e);
    } finally {
      close(connection.getFileDescriptor());
    }
  }

  /**
   * Receives bytes and descriptors, without a wait.
   *
   * @param size how many bytes at most
   * @param maxFds how many descriptors at most; those beyond are closed
   * @return what was received, or null if there is nothing; at the end of the stream no bytes
   * @throws IOException if the connection is lost
   */
  ReceivedFds receive(int size, int maxFds) throws IOException {
    AFUNIXSocketChannel connection = duplicate();
    FileDescriptor[] received = {};
    try {
      AncillaryRoom room = AncillaryRoom.make(connection);
      ByteBuffer buffer = ByteBuffer.allocateDirect(Math.min(size, LARGEST));
      int count = read(connection, buffer, room);
      received = connection.getReceivedFileDescriptors();
      if (count == 0 && received.length == 0) {
        return null;
      }
      byte[] data = new byte[Math.max(count, 0)];
      buffer.flip().get(data);
      return handOut(data, Arrays.copyOf(received, Math.min(received.length, maxFds)));
    } catch (IOException e) {
      throw inTermsOfTheApi(e);
    } finally {
      for (FileDescriptor own : received) {
        close(own);
      }
      close(connection.getFileDescriptor());
    }
  }

  private static int read(AFUNIXSocketChannel connection, ByteBuffer buffer, AncillaryRoom room)
      throws IOException {
    try {
      return connection.read(buffer);
    } catch (IOException e) {
      int closed = room.closeDelivered();
      if (closed == 0) {
        throw e;
      }
      throw new IOException(
          "descriptors were lost, as this process cannot open more; " + closed + " were closed", e);
    }
  }

  private static ReceivedFds handOut(byte[] data, FileDescriptor[] received) throws IOException {
    List<FileDescriptor> duplicates = new ArrayList<>();
    try {
      for (FileDescriptor own : received) {
        duplicates.add(FileDescriptorCast.duplicating(own).getFileDescriptor());
      }
    } catch (Throwable e) {
      closeAll(duplicates);
      throw e;
    }
    return new ReceivedFds(data, duplicates, () -> closeAll(duplicates));
  }

  /** How many bytes have arrived. */
  int available() throws IOException {
    AFUNIXSocketChannel connection = duplicate();
    try {
      return connection.socket().getInputStream().available();
    } catch (IOException e) {
      throw inTermsOfTheApi(e);
    } finally {
      close(connection.getFileDescriptor());
    }
  }

  /** junixsocket has a type for each number that matters here. */
  private static IOException inTermsOfTheApi(IOException cause) {
    if (cause instanceof ConnectionResetSocketException) {
      return SystemErrors.of(Errno.ECONNRESET, Errno.strerror(Errno.ECONNRESET));
    }
    if (cause instanceof BrokenPipeSocketException) {
      return SystemErrors.of(Errno.EPIPE, Errno.strerror(Errno.EPIPE));
    }
    if (cause instanceof NotConnectedSocketException) {
      return SystemErrors.of(Errno.ENOTCONN, Errno.strerror(Errno.ENOTCONN));
    }
    SocketException error = new SocketException(String.valueOf(cause.getMessage()));
    error.initCause(cause);
    return error;
  }

  private AFUNIXSocketChannel duplicate() throws IOException {
    FileDescriptor given = FileDescriptorCast.unsafeUsing(fd).getFileDescriptor();
    return FileDescriptorCast.duplicating(given).as(AFUNIXSocketChannel.class);
  }

  private static void closeAll(List<FileDescriptor> fds) throws IOException {
    for (FileDescriptor passed : fds) {
      close(passed);
    }
  }

  /** Closes a number once: afterwards the object knows that it is closed. */
  static void close(FileDescriptor fd) throws IOException {
    if (fd.valid()) {
      new FileOutputStream(fd).close();
    }
  }
}
