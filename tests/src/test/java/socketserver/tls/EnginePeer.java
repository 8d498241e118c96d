package socketserver.tls;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/**
 * A TLS client on a plain socket that shows what others hide: whether the end of the stream was a
 * close_notify or a mere end of the connection, and the bytes of the handshake before they are
 * sent.
 */
final class EnginePeer implements AutoCloseable {
  private static final int SO_TIMEOUT = 30_000;
  private static final int ROOM = 1 << 17;

  final Socket socket;
  final SSLEngine engine;
  private final ByteBuffer received = ByteBuffer.allocate(ROOM);
  private boolean handshakeBegun;

  private EnginePeer(Socket socket, SSLEngine engine) throws IOException {
    this.socket = socket;
    this.engine = engine;
    socket.setSoTimeout(SO_TIMEOUT);
  }

  static EnginePeer client(InetSocketAddress address, SSLContext context, String... protocols)
      throws IOException {
    SSLEngine engine = context.createSSLEngine("localhost", address.getPort());
    engine.setUseClientMode(true);
    if (protocols.length > 0) {
      engine.setEnabledProtocols(protocols);
    }
    return new EnginePeer(new Socket(address.getAddress(), address.getPort()), engine);
  }

  /** A client that asks for a host by its name. */
  static EnginePeer client(Socket connected, SSLContext context, String host) throws IOException {
    SSLEngine engine = context.createSSLEngine(host, connected.getPort());
    engine.setUseClientMode(true);
    return new EnginePeer(connected, engine);
  }

  static EnginePeer server(Socket accepted, SSLContext context) throws IOException {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    return new EnginePeer(accepted, engine);
  }

  /** Sends bytes as they are. */
  void sendPlain(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads a line that is not encrypted. */
  String readPlainLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b;
    do {
      b = socket.getInputStream().read();
      if (b >= 0) {
        line.write(b);
      }
    } while (b >= 0 && b != '\n');
    return line.toString(StandardCharsets.UTF_8);
  }

  /** Returns a client's first flight, which the caller sends. */
  byte[] hello() throws IOException {
    engine.beginHandshake();
    handshakeBegun = true;
    ByteBuffer out = ByteBuffer.allocate(ROOM);
    engine.wrap(ByteBuffer.allocate(0), out);
    return Arrays.copyOf(out.array(), out.position());
  }

  /** Does what is left of the handshake. */
  EnginePeer handshake() throws IOException {
    if (!handshakeBegun) {
      engine.beginHandshake();
      handshakeBegun = true;
    }
    HandshakeStatus status = engine.getHandshakeStatus();
    while (status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED) {
      switch (status) {
        case NEED_TASK -> engine.getDelegatedTask().run();
        case NEED_WRAP -> wrap(ByteBuffer.allocate(0));
        default -> assertTrue(unwrap().length == 0, "data in the middle of the handshake");
      }
      status = engine.getHandshakeStatus();
    }
    return this;
  }

  void write(String text) throws IOException {
    ByteBuffer data = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (data.hasRemaining()) {
      wrap(data);
    }
  }

  /**
   * Reads to the close_notify.
   *
   * @throws EOFException if the connection ends without one
   */
  byte[] readAll() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (!engine.isInboundDone()) {
      all.writeBytes(unwrap());
    }
    return all.toByteArray();
  }

  String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (!engine.isInboundDone() && !line.toString(StandardCharsets.UTF_8).endsWith("\n")) {
      line.writeBytes(unwrap());
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /** Sends close_notify, and leaves the connection open. */
  void closeOutbound() throws IOException {
    engine.closeOutbound();
    wrap(ByteBuffer.allocate(0));
  }

  /** Waits until the server has closed the connection, whatever it says before. */
  void awaitClosed() throws IOException {
    try {
      socket.getInputStream().readAllBytes();
    } catch (SocketException e) {
      // closed before it had read all
    }
  }

  /** Closes the connection with a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  private void wrap(ByteBuffer data) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(ROOM);
    engine.wrap(data, out);
    socket.getOutputStream().write(out.array(), 0, out.position());
  }

  /** Decrypts a record, reading more if there is none; empty if it held no data. */
  private byte[] unwrap() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(ROOM);
    while (true) {
      received.flip();
      SSLEngineResult result = engine.unwrap(received, data);
      received.compact();
      for (Runnable task = engine.getDelegatedTask();
          task != null;
          task = engine.getDelegatedTask()) {
        task.run();
      }
      if (result.getStatus() != SSLEngineResult.Status.BUFFER_UNDERFLOW) {
        return Arrays.copyOf(data.array(), data.position());
      }
      int read =
          socket.getInputStream().read(received.array(), received.position(), received.remaining());
      if (read < 0) {
        throw new EOFException("the connection ended without close_notify");
      }
      received.position(received.position() + read);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
