package socketserver.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client made of a plain Java socket, with none of the library in it. */
final class Peer implements AutoCloseable {
  private final Socket socket;

  Peer(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  Peer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout((int) Output.LIMIT.toMillis());
  }

  /** The address that the server sees. */
  String address() {
    return socket.getLocalSocketAddress().toString();
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Reads as many bytes as a text has. */
  String readLike(String expected) throws IOException {
    int length = expected.getBytes(StandardCharsets.UTF_8).length;
    return new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
  }

  /** Reads so many bytes, or what comes before the server hangs up. */
  byte[] readBytes(int count) throws IOException {
    return socket.getInputStream().readNBytes(count);
  }

  /** Reads until the server hangs up. */
  String readToEnd() throws IOException {
    return new String(bytesToEnd(), StandardCharsets.UTF_8);
  }

  byte[] bytesToEnd() throws IOException {
    return socket.getInputStream().readAllBytes();
  }

  /** Closes it in a way that the server sees as a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
