package socketserver.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.SocketConstants;
import socketserver.SocketReader;
import socketserver.SocketWriter;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.ThreadingTCPServer;
import socketserver.fixture.Bounds;
import socketserver.fixture.RunningServer;

/** Readers and writers over sockets, on both sides: what a client sends comes back. */
@Timeout(120)
class SocketFilesTest {
  private RunningServer<ThreadingTCPServer> running;

  /** Sends back what comes, in pieces of another size than it came in. */
  private static final class Echo extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      byte[] piece = new byte[5000];
      for (int count = rfile.read(piece); count >= 0; count = rfile.read(piece)) {
        wfile.write(piece, 0, count);
      }
    }
  }

  @BeforeEach
  void startServer() throws IOException {
    running = RunningServer.start(new ThreadingTCPServer(RunningServer.anyPort(), Echo::new));
  }

  @AfterEach
  void stopServer() {
    running.close();
  }

  private StreamSocket connect() throws IOException {
    return StreamSocket.connect(running.address(), Bounds.WAIT);
  }

  @Test
  void linesGoOutAndComeBack() throws IOException {
    try (StreamSocket socket = connect();
        SocketReader reader = socket.makefileReader(-1);
        SocketWriter writer = socket.makefileWriter(-1)) {
      writer.write("grüße\r\n");
      writer.write("zwei\n");
      writer.flush();
      assertEquals("grüße\r\n", reader.readline(UTF_8));
      assertEquals("zwei\n", reader.readline(UTF_8));
      writer.write("rest");
      writer.flush();
      socket.shutdown(SocketConstants.SHUT_WR);
      assertEquals("rest", reader.readline(UTF_8));
      assertEquals("", reader.readline(UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 100})
  void randomBytesComeBackWholeAndInOrder(int bufsize) throws IOException {
    Random random = new Random(bufsize);
    byte[] data = new byte[200_000];
    random.nextBytes(data);
    try (StreamSocket socket = connect();
        SocketReader reader = socket.makefileReader(bufsize);
        SocketWriter writer = socket.makefileWriter(bufsize)) {
      ByteArrayOutputStream received = new ByteArrayOutputStream();
      int sent = 0;
      while (sent < data.length) {
        int count = Math.min(1 + random.nextInt(20_000), data.length - sent);
        writer.write(data, sent, count);
        writer.flush();
        received.write(reader.readNBytes(count / 2));
        received.write(reader.readNBytes(count - count / 2));
        sent += count;
      }
      socket.shutdown(SocketConstants.SHUT_WR);
      assertArrayEquals(data, received.toByteArray());
      assertEquals(0, reader.read1(1).length);
    }
  }

  @Test
  void linesAreIteratedToTheEndOfTheStream() throws IOException {
    try (StreamSocket socket = connect();
        SocketReader reader = socket.makefileReader(-1)) {
      int lines = 1000;
      for (int i = 0; i < lines; i++) {
        socket.sendall("line " + i + "\n");
      }
      socket.shutdown(SocketConstants.SHUT_WR);
      int seen = 0;
      for (byte[] line : reader) {
        assertEquals("line " + seen + "\n", new String(line));
        seen++;
      }
      assertEquals(lines, seen);
    }
  }
}
