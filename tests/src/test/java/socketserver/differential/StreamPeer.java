package socketserver.differential;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** One connection of the client. What it reads it notes: bytes, the end, a reset, or nothing. */
final class StreamPeer implements Closeable {
  /** How long to look for what must not come: it is found late, or not, but never invented. */
  private static final int GLANCE_MILLIS = 60;

  private final Socket socket;
  private final int number;
  private final Client client;

  /** Before the server can have known of the connection. */
  private final long begin;

  StreamPeer(long begin, Socket socket, int number, Client client) {
    this.begin = begin;
    this.socket = socket;
    this.number = number;
    this.client = client;
  }

  StreamPeer send(String text) throws IOException {
    return send(Shown.latin1(text));
  }

  /** Sends bytes; that the server no longer takes them is noted. */
  StreamPeer send(byte[] data) throws IOException {
    try {
      socket.getOutputStream().write(data);
    } catch (SocketException e) {
      note("sending failed");
    }
    return this;
  }

  StreamPeer shutdownWrite() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Reads so many bytes, fewer if the stream ends before. */
  StreamPeer read(int count) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    String end = readInto(read, count);
    note("read " + Shown.bytes(read.toByteArray()) + end);
    return this;
  }

  StreamPeer readLine() throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    String end = "";
    while (end.isEmpty() && !read.toString().endsWith("\n")) {
      end = readInto(read, read.size() + 1);
    }
    note("read " + Shown.bytes(read.toByteArray()) + end);
    return this;
  }

  StreamPeer readToEnd() throws IOException {
    return read(Integer.MAX_VALUE);
  }

  /** Reads to the end, and notes whether that came as late as a time-out of the server. */
  StreamPeer readToEndTimed(Duration limit) throws IOException {
    readToEnd();
    boolean after = System.nanoTime() - begin >= limit.toNanos();
    note((after ? "after " : "before ") + Shown.of(limit));
    return this;
  }

  /** Notes that nothing comes, or what does. */
  StreamPeer readNothing() throws IOException {
    socket.setSoTimeout(GLANCE_MILLIS);
    try {
      int b = socket.getInputStream().read();
      note(b < 0 ? "the end, unexpectedly" : "a byte, unexpectedly: " + b);
    } catch (SocketTimeoutException e) {
      note("nothing");
    } catch (SocketException e) {
      note("reset, unexpectedly");
    } finally {
      socket.setSoTimeout((int) Bound.WAIT.toMillis());
    }
    return this;
  }

  /** Closes with a reset. */
  StreamPeer abort() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
    return this;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private String readInto(ByteArrayOutputStream read, int count) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[Math.min(count, 1 << 16)];
    try {
      while (read.size() < count) {
        int n = in.read(buffer, 0, Math.min(buffer.length, count - read.size()));
        if (n < 0) {
          return ", the end";
        }
        read.write(buffer, 0, n);
      }
      return "";
    } catch (SocketTimeoutException e) {
      return ", nothing more in " + Bound.WAIT.toSeconds() + " s";
    } catch (SocketException e) {
      return ", reset";
    }
  }

  private void note(String text) {
    client.note("client " + number + ": " + text);
  }
}
