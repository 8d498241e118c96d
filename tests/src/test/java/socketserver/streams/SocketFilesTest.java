package socketserver.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
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
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
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

  @Test
  void timeoutInTheMiddleOfALineKeepsItsBeginning() throws IOException {
    try (StreamSocket socket = connect();
        SocketReader reader = socket.makefileReader(-1)) {
      socket.sendall("begin");
      assertTrue(reader.peek(1).length > 0, "some of it is there");
      socket.settimeout(Duration.ofMillis(20));
      assertThrows(SocketTimeoutException.class, reader::readline);
      assertThrows(SocketTimeoutException.class, reader::readline);
      socket.settimeout(Bounds.WAIT);
      socket.sendall("ning\n");
      assertEquals("beginning\n", new String(reader.readline()));
    }
  }

  @Test
  void oneByteAfterTheOtherIsReadAsALine() throws IOException {
    try (StreamSocket socket = connect();
        SocketReader reader = socket.makefileReader(-1)) {
      for (byte b : "byte by byte\n".getBytes()) {
        socket.sendall(new byte[] {b});
      }
      assertEquals("byte by byte\n", new String(reader.readline()));
    }
  }

  @Test
  void readerWithoutABufferLeavesTheRestToTheSocket() throws IOException {
    try (StreamSocket socket = connect();
        SocketReader reader = socket.makefileReader(0)) {
      socket.sendall("one\ntwo\n");
      assertEquals("one\n", new String(reader.readline()));
      assertEquals("two\n", new String(socket.recv(4, SocketConstants.MSG_WAITALL)));
    }
  }

  @Test
  void socketStaysOpenUntilItsLastFileIsClosed() throws IOException {
    StreamSocket socket = connect();
    SocketReader reader = socket.makefileReader(-1);
    SocketWriter writer = socket.makefileWriter(0);
    socket.close();
    assertTrue(socket.fileno() >= 0);
    writer.write("still there\n");
    assertEquals("still there\n", new String(reader.readline()));
    writer.close();
    assertTrue(socket.fileno() >= 0);
    reader.close();
    assertEquals(-1, socket.fileno());
  }

  @Test
  void closingTheFilesLeavesTheSocketOpen() throws IOException {
    try (StreamSocket socket = connect()) {
      socket.makefileReader(-1).close();
      socket.makefileWriter(-1).close();
      socket.sendall("x");
      assertEquals("x", new String(socket.recv(1)));
    }
  }

  @Test
  void closedSocketMakesNoFiles() throws IOException {
    StreamSocket socket = connect();
    socket.close();
    assertEquals(-1, socket.fileno());
    assertThrows(IOException.class, () -> socket.makefileReader(-1));
    assertThrows(IOException.class, () -> socket.makefileWriter(-1));
    assertThrows(IOException.class, () -> socket.recv(1));
    assertThrows(IOException.class, () -> socket.sendall("x"));
    assertThrows(IOException.class, socket::getpeername);
    socket.close();
  }

  @Test
  void bufferedWriterHoldsBackUntilItsBufferIsFull() throws IOException {
    try (StreamSocket socket = connect();
        SocketReader reader = socket.makefileReader(-1);
        SocketWriter writer = socket.makefileWriter(10)) {
      writer.write("1234567");
      socket.sendall("first ");
      writer.write("890ab");
      writer.flush();
      assertEquals("first 1234567890ab", new String(reader.read(18)));
    }
  }

  @Test
  void readerReadsWhileAnotherThreadWrites() throws Exception {
    int size = 8 << 20;
    byte[] pattern = new byte[1 << 16];
    new Random(1).nextBytes(pattern);
    try (StreamSocket socket = connect();
        SocketReader reader = socket.makefileReader(-1)) {
      Thread writing =
          Background.start(
              "writes",
              () -> {
                for (int sent = 0; sent < size; sent += pattern.length) {
                  socket.sendall(pattern);
                }
                socket.shutdown(SocketConstants.SHUT_WR);
              });
      for (int read = 0; read < size; read += pattern.length) {
        byte[] next = reader.read(pattern.length);
        assertEquals(pattern.length, next.length, "bytes from byte " + read + " on");
        assertEquals(-1, Arrays.mismatch(pattern, next), "from byte " + read + " on");
      }
      assertEquals(0, reader.read(1).length);
      Eventually.ends(writing);
    }
  }
}
