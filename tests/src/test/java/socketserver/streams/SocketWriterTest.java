package socketserver.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.DatagramWriter;
import socketserver.SocketWriter;
import socketserver.fixture.Background;
import socketserver.fixture.Eventually;

/** The writer over ordinary streams: with and without a buffer, in order, whole. */
@Timeout(60)
class SocketWriterTest {
  /** Notes each write that reaches it. */
  private static final class Sink extends OutputStream {
    private final List<String> writes = new ArrayList<>();
    private int flushes;
    private int closes;
    private IOException failure;

    @Override
    public void write(int b) {
      throw new AssertionError("a single byte is a write of one byte");
    }

    @Override
    public synchronized void write(byte[] source, int offset, int length) throws IOException {
      if (failure != null) {
        throw failure;
      }
      writes.add(new String(source, offset, length, UTF_8));
    }

    @Override
    public void flush() {
      flushes++;
    }

    @Override
    public void close() {
      closes++;
    }
  }

  private final Sink sink = new Sink();

  @Test
  void writeWithoutABufferGoesOutAtOnceAndWhole() throws IOException {
    SocketWriter writer = new SocketWriter(sink);
    writer.write("one".getBytes());
    writer.write("two");
    writer.write("xthreex".getBytes(), 1, 5);
    writer.write('4');
    assertEquals(List.of("one", "two", "three", "4"), sink.writes);
  }

  @Test
  void writeOfNothingSendsNothing() throws IOException {
    SocketWriter writer = new SocketWriter(sink);
    writer.write(new byte[0]);
    writer.write("");
    writer.write(new byte[3], 3, 0);
    assertEquals(List.of(), sink.writes);
  }

  @Test
  void textIsUtf8() throws IOException {
    new SocketWriter(sink).write("grüße, 世界");
    assertEquals(List.of("grüße, 世界"), sink.writes);
  }

  @Test
  void linesAreWrittenWithNothingBetween() throws IOException {
    SocketWriter writer = new SocketWriter(sink);
    writer.writelines("one\n", "two\n");
    writer.writelines(List.of("three".getBytes(), "four".getBytes()));
    assertEquals("one\ntwo\nthreefour", String.join("", sink.writes));
  }

  @Test
  void lowByteOfAnIntIsWritten() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new SocketWriter(out).write(0x1ff);
    assertArrayEquals(new byte[] {(byte) 0xff}, out.toByteArray());
  }

  @Test
  void bufferHoldsBackUntilItIsFlushed() throws IOException {
    SocketWriter writer = new SocketWriter(sink, 10);
    writer.write("one");
    writer.write("two");
    assertEquals(List.of(), sink.writes);
    writer.flush();
    assertEquals(List.of("onetwo"), sink.writes);
    assertEquals(1, sink.flushes);
    writer.flush();
    assertEquals(List.of("onetwo"), sink.writes);
  }

  @Test
  void bufferThatIsFullGoesOut() throws IOException {
    SocketWriter writer = new SocketWriter(sink, 4);
    writer.write("abc");
    writer.write("de");
    assertEquals("abc", String.join("", sink.writes));
    writer.flush();
    assertEquals("abcde", String.join("", sink.writes));
  }

  @Test
  void writeThatIsLargerThanTheBufferKeepsItsPlace() throws IOException {
    SocketWriter writer = new SocketWriter(sink, 4);
    writer.write("ab");
    writer.write("cdefghij");
    writer.write("k");
    writer.close();
    assertEquals("abcdefghijk", String.join("", sink.writes));
  }

  @Test
  void bufferedBytesAreCopied() throws IOException {
    SocketWriter writer = new SocketWriter(sink, 10);
    byte[] data = "abc".getBytes();
    writer.write(data);
    data[0] = 'X';
    writer.flush();
    assertEquals(List.of("abc"), sink.writes);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 2, 7, 8192})
  void everyBufferSizeWritesTheSame(int bufsize) throws IOException {
    Random random = new Random(bufsize);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SocketWriter writer = new SocketWriter(out, bufsize);
    for (int i = 0; i < 2000; i++) {
      byte[] data = new byte[random.nextInt(20) == 0 ? random.nextInt(20_000) : random.nextInt(9)];
      random.nextBytes(data);
      writer.write(data);
      expected.write(data);
      if (random.nextInt(10) == 0) {
        writer.flush();
        assertEquals(expected.size(), out.size());
      }
      if (random.nextInt(10) == 0) {
        writer.write(i);
        expected.write(i);
      }
    }
    writer.close();
    assertArrayEquals(expected.toByteArray(), out.toByteArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {-2, Integer.MIN_VALUE})
  void otherNegativeBufferSizesAreAnError(int bufsize) {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> new SocketWriter(sink, bufsize));
    assertTrue(error.getMessage().contains(String.valueOf(bufsize)), error.getMessage());
  }

  @Test
  void writerNeedsAStream() {
    assertThrows(NullPointerException.class, () -> new SocketWriter(null));
  }

  @Test
  void partThatIsNotInTheArrayIsAnError() {
    SocketWriter writer = new SocketWriter(sink);
    byte[] data = new byte[4];
    assertThrows(IndexOutOfBoundsException.class, () -> writer.write(data, 3, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> writer.write(data, -1, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> writer.write(data, 0, -1));
    assertEquals(List.of(), sink.writes);
  }

  @Test
  void closingFlushesAndClosesTheStreamOnce() throws IOException {
    SocketWriter writer = new SocketWriter(sink, 100);
    writer.write("last");
    assertFalse(writer.closed());
    writer.close();
    writer.close();
    assertTrue(writer.closed());
    assertEquals(List.of("last"), sink.writes);
    assertEquals(1, sink.closes);
  }

  @Test
  void closedWriterRefusesEverything() throws IOException {
    SocketWriter writer = new SocketWriter(sink, 100);
    writer.close();
    refuses(() -> writer.write("x"));
    refuses(() -> writer.write("x".getBytes()));
    refuses(() -> writer.write('x'));
    refuses(writer::flush);
    refuses(() -> writer.writelines("x"));
    assertEquals(List.of(), sink.writes);
  }

  private static void refuses(Executable call) {
    IOException error = assertThrows(IOException.class, call);
    assertTrue(error.getMessage().contains("closed"), error.getMessage());
  }

  @Test
  void flushThatFailsDropsWhatItCouldNotSend() throws IOException {
    SocketWriter writer = new SocketWriter(sink, 100);
    writer.write("lost");
    sink.failure = new IOException("gone");
    assertSame(sink.failure, assertThrows(IOException.class, writer::flush));
    sink.failure = null;
    writer.flush();
    assertEquals(List.of(), sink.writes, "how much of it was sent is not known");
    writer.write("after");
    writer.close();
    assertEquals(List.of("after"), sink.writes);
  }

  @Test
  void closeThatFailsToFlushClosesAllTheSame() throws IOException {
    SocketWriter writer = new SocketWriter(sink, 100);
    writer.write("lost");
    sink.failure = new IOException("gone");
    assertSame(sink.failure, assertThrows(IOException.class, writer::close));
    assertTrue(writer.closed());
    assertEquals(1, sink.closes);
    writer.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 64})
  void writesOfSeveralThreadsStayWhole(int bufsize) throws IOException {
    int threads = 4;
    int lines = 500;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SocketWriter writer = new SocketWriter(out, bufsize);
    List<Thread> writing = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      String line = String.valueOf(i).repeat(30) + "\n";
      writing.add(
          Background.start(
              "writes " + i,
              () -> {
                for (int j = 0; j < lines; j++) {
                  writer.write(line);
                }
              }));
    }
    writing.forEach(Eventually::ends);
    writer.close();
    List<String> written = out.toString(UTF_8).lines().toList();
    assertEquals(threads * lines, written.size());
    for (String line : written) {
      assertEquals(line.substring(0, 1).repeat(30), line);
    }
  }

  @Test
  void datagramWriterCollects() throws IOException {
    DatagramWriter writer = new DatagramWriter();
    assertEquals(0, writer.size());
    writer.write("one");
    writer.writelines("two", "three");
    writer.flush();
    assertEquals(11, writer.size());
    assertEquals("onetwothree", new String(writer.toByteArray()));
    writer.toByteArray()[0] = 'X';
    assertEquals("onetwothree", new String(writer.toByteArray()));
    writer.close();
    assertEquals(11, writer.size());
  }
}
