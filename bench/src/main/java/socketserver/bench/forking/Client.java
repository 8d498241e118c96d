package socketserver.bench.forking;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;

/** A client that makes a connection for each request: sends a line, reads the answer, closes. */
record Client(int port) {
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final byte[] LINE = new byte[64];

  static {
    Arrays.fill(LINE, (byte) 'x');
    LINE[LINE.length - 1] = '\n';
  }

  void ask() throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(LINE);
      int answered = socket.getInputStream().readNBytes(LINE.length).length;
      if (answered < LINE.length) {
        throw new EOFException("closed after " + answered + " bytes of " + LINE.length);
      }
    }
  }

  /** A connection that asks nothing yet. */
  Socket connect() throws IOException {
    Socket socket = new Socket();
    try {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
