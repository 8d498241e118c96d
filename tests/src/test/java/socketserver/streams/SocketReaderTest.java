package socketserver.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.SocketReader;

/** The reader over ordinary streams: lines, counts, limits, time-outs, the end. */
@Timeout(60)
class SocketReaderTest {
  private static final String EMPTY = "";

  private static SocketReader reading(String... pieces) {
    return new SocketReader(Chunks.of(pieces));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  // Lines

  @Test
  void lineEndsWithItsLineFeed() throws IOException {
    SocketReader reader = reading("one\ntwo\n");
    assertEquals("one\n", text(reader.readline()));
    assertEquals("two\n", text(reader.readline()));
    assertEquals(EMPTY, text(reader.readline()));
  }

  @Test
  void lineMayComeInPieces() throws IOException {
    SocketReader reader = reading("o", "n", "e", "\nt", "wo", "\n");
    assertEquals("one\n", text(reader.readline()));
    assertEquals("two\n", text(reader.readline()));
  }

  @Test
  void carriageReturnIsKeptAndEndsNoLine() throws IOException {
    SocketReader reader = reading("one\r\ntw\ro\n\r\n");
    assertEquals("one\r\n", text(reader.readline()));
    assertEquals("tw\ro\n", text(reader.readline()));
    assertEquals("\r\n", text(reader.readline()));
  }

  @Test
  void restOfTheStreamIsALineWithoutALineFeed() throws IOException {
    SocketReader reader = reading("one\nrest");
    assertEquals("one\n", text(reader.readline()));
    assertEquals("rest", text(reader.readline()));
    assertEquals(EMPTY, text(reader.readline()));
    assertEquals(EMPTY, text(reader.readline()));
  }

  @Test
  void emptyLineIsALineFeed() throws IOException {
    SocketReader reader = reading("\n\n");
    assertEquals("\n", text(reader.readline()));
    assertEquals("\n", text(reader.readline()));
    assertEquals(EMPTY, text(reader.readline()));
  }

  @Test
  void everyByteIsKept() throws IOException {
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    SocketReader reader = new SocketReader(new ByteArrayInputStream(all));
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    for (byte[] line : reader) {
      read.write(line);
    }
    assertArrayEquals(all, read.toByteArray());
  }

  @Test
  void limitCutsALineAndTheRestComesNext() throws IOException {
    SocketReader reader = reading("abcdef\nxy\n");
    assertEquals("abcd", text(reader.readline(4)));
    assertEquals("ef\n", text(reader.readline(4)));
    assertEquals("xy\n", text(reader.readline(3)));
    assertEquals(EMPTY, text(reader.readline(3)));
  }

  @Test
  void limitCountsTheLineFeed() throws IOException {
    SocketReader reader = reading("abc\n");
    assertEquals("abc", text(reader.readline(3)));
    assertEquals("\n", text(reader.readline(3)));
  }

  @Test
  void limitOfZeroReadsNothing() throws IOException {
    Chunks chunks = Chunks.of("abc\n");
    SocketReader reader = new SocketReader(chunks);
    assertEquals(EMPTY, text(reader.readline(0)));
    assertEquals(0, chunks.reads());
    assertEquals("abc\n", text(reader.readline()));
  }

  @Test
  void negativeLimitIsNone() throws IOException {
    assertEquals("abc\n", text(reading("abc\nd").readline(-1)));
    assertEquals("abc\n", text(reading("abc\nd").readline(-7)));
  }

  @Test
  void limitThatIsHugeTakesNoMemory() throws IOException {
    assertEquals("abc\n", text(reading("abc\nd").readline(Integer.MAX_VALUE)));
    assertEquals("abc", text(reading("abc").readline(Integer.MAX_VALUE)));
  }

  @Test
  void lineIsDecoded() throws IOException {
    SocketReader reader = new SocketReader(Chunks.of().then("grüße\n".getBytes(UTF_8)));
    assertEquals("grüße\n", reader.readline(UTF_8));
    assertEquals(EMPTY, reader.readline(UTF_8));
  }

  @Test
  void linesAreAListToTheEnd() throws IOException {
    List<String> lines =
        reading("one\n", "two\nthr", "ee").readlines().stream()
            .map(SocketReaderTest::text)
            .toList();
    assertEquals(List.of("one\n", "two\n", "three"), lines);
    assertEquals(List.of(), reading().readlines());
  }

  // Iteration

  @Test
  void iterationGivesTheLines() {
    List<String> lines = new ArrayList<>();
    for (byte[] line : reading("one\ntw", "o\nthree")) {
      lines.add(text(line));
    }
    assertEquals(List.of("one\n", "two\n", "three"), lines);
  }

  @Test
  void iterationReadsNoFurtherThanAsked() throws IOException {
    SocketReader reader = reading("one\n", "two\n", "three\n");
    Iterator<byte[]> lines = reader.iterator();
    assertEquals("one\n", text(lines.next()));
    assertEquals("two\n", text(reader.readline()));
    assertEquals("three\n", text(lines.next()));
    assertFalse(lines.hasNext());
    assertFalse(lines.hasNext());
    assertThrows(NoSuchElementException.class, lines::next);
  }

  @Test
  void iterationOverANetworkThatFailsThrowsUnchecked() {
    SocketReader reader = new SocketReader(Chunks.of("one\nhal").thenTimeout().then("f\n"));
    Iterator<byte[]> lines = reader.iterator();
    assertEquals("one\n", text(lines.next()));
    UncheckedIOException error = assertThrows(UncheckedIOException.class, lines::hasNext);
    assertInstanceOf(SocketTimeoutException.class, error.getCause());
    assertEquals("half\n", text(lines.next()), "and goes on");
  }

  // Counts

  @Test
  void readOfACountWaitsForAllOfIt() throws IOException {
    SocketReader reader = reading("a", "bc", "def", "ghij");
    assertEquals("abcde", text(reader.read(5)));
    assertEquals("fghij", text(reader.read(5)));
    assertEquals(EMPTY, text(reader.read(5)));
  }

  @Test
  void readOfACountIsShortAtTheEndAlone() throws IOException {
    SocketReader reader = reading("a", "bc");
    assertEquals("abc", text(reader.read(5)));
    assertEquals(EMPTY, text(reader.read(5)));
  }

  @Test
  void readOfMinusOneGoesToTheEnd() throws IOException {
    SocketReader reader = reading("one\n", "two");
    assertEquals("one\n", text(reader.readline()));
    assertEquals("two", text(reader.read(-1)));
    assertEquals(EMPTY, text(reader.read(-1)));
  }

  @Test
  void readOfNothingReadsNothing() throws IOException {
    Chunks chunks = Chunks.of("a");
    SocketReader reader = new SocketReader(chunks);
    assertEquals(EMPTY, text(reader.read(0)));
    assertEquals(EMPTY, text(reader.read1(0)));
    assertEquals(0, reader.read(new byte[0]));
    assertEquals(0, chunks.reads());
  }

  @ParameterizedTest
  @ValueSource(ints = {-2, Integer.MIN_VALUE})
  void otherNegativeSizesAreAnError(int size) {
    SocketReader reader = reading("abc");
    assertNames(size, () -> reader.read(size));
    assertNames(size, () -> reader.read1(size));
    assertNames(size, () -> reader.readNBytes(size));
  }

  @Test
  void sizeThatIsHugeTakesNoMemory() throws IOException {
    assertEquals("abc", text(reading("abc").read(Integer.MAX_VALUE)));
    assertEquals("abc", text(reading("abc").readNBytes(Integer.MAX_VALUE)));
    assertEquals("abc", text(reading("abc").read1(Integer.MAX_VALUE)));
  }

  @Test
  void read1GivesWhatIsInTheBuffer() throws IOException {
    Chunks chunks = Chunks.of("abcdef", "gh");
    SocketReader reader = new SocketReader(chunks);
    assertEquals("abcdef", text(reader.peek(1)));
    assertEquals("abc", text(reader.read1(3)));
    assertEquals("def", text(reader.read1(10)));
    assertEquals(1, chunks.reads(), "what is in the buffer needs no read");
    assertEquals("gh", text(reader.read1(-1)));
    assertEquals(EMPTY, text(reader.read1(-1)));
  }

  @Test
  void read1WithAnEmptyBufferReadsOnceAndNothingAhead() throws IOException {
    Chunks chunks = Chunks.of("abcdef", "gh");
    SocketReader reader = new SocketReader(chunks);
    assertEquals("abc", text(reader.read1(3)));
    assertEquals(3, chunks.taken());
    assertEquals("def", text(reader.read1(10)));
    assertEquals(2, chunks.reads());
  }

  @Test
  void readOfACountWithoutABufferReadsOnce() throws IOException {
    Chunks chunks = Chunks.of("ab", "cdef");
    SocketReader reader = new SocketReader(chunks, 0);
    assertEquals("ab", text(reader.read(5)));
    assertEquals("cdef", text(reader.read(5)));
    assertEquals(2, chunks.reads());
    assertEquals(EMPTY, text(reader.read(5)));
  }

  @Test
  void readToTheEndWithoutABufferGoesToTheEnd() throws IOException {
    SocketReader reader = new SocketReader(Chunks.of("ab", "cd", "ef"), 0);
    assertEquals("abcdef", text(reader.read(-1)));
  }

  @Test
  void peekTakesNothing() throws IOException {
    Chunks chunks = Chunks.of("abc", "def");
    SocketReader reader = new SocketReader(chunks);
    assertEquals("abc", text(reader.peek(1)));
    assertEquals("abc", text(reader.peek(100)));
    assertEquals(1, chunks.reads(), "what is in the buffer needs no read");
    assertEquals("abcdef", text(reader.read(6)));
    assertEquals(EMPTY, text(reader.peek(1)));
  }

  @Test
  void peekGivesACopy() throws IOException {
    SocketReader reader = reading("abc");
    reader.peek(3)[0] = 'X';
    assertEquals("abc", text(reader.read(3)));
  }

  @Test
  void peekOfNothingStillSeesWhatComesNext() throws IOException {
    assertEquals("abc", text(reading("abc").peek(0)));
  }

  // As an InputStream

  @Test
  void singleBytesAreUnsigned() throws IOException {
    SocketReader reader = new SocketReader(Chunks.of().then(new byte[] {(byte) 0xff, 0, 65}));
    assertEquals(255, reader.read());
    assertEquals(0, reader.read());
    assertEquals(65, reader.read());
    assertEquals(-1, reader.read());
    assertEquals(-1, reader.read());
  }

  @Test
  void readIntoAnArrayIsOneRead() throws IOException {
    SocketReader reader = reading("ab", "cdef");
    byte[] target = new byte[10];
    assertEquals(2, reader.read(target, 3, 5));
    assertEquals(4, reader.read(target, 5, 5));
    assertEquals("abcdef", new String(target, 3, 6, ISO_8859_1));
    assertEquals(-1, reader.read(target, 0, 1));
  }

  @Test
  void readIntoAnArrayBeginsWithWhatIsInTheBuffer() throws IOException {
    SocketReader reader = reading("one\ntwo");
    assertEquals("one\n", text(reader.readline()));
    byte[] target = new byte[100];
    assertEquals(3, reader.read(target, 0, 100));
    assertEquals("two", new String(target, 0, 3, ISO_8859_1));
  }

  @Test
  void partThatIsNotInTheArrayIsAnError() {
    SocketReader reader = reading("abc");
    byte[] target = new byte[4];
    assertThrows(IndexOutOfBoundsException.class, () -> reader.read(target, 3, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> reader.read(target, -1, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> reader.readNBytes(target, 0, 5));
  }

  @Test
  void inputStreamsOwnMethodsSeeTheSameBytes() throws IOException {
    SocketReader reader = reading("one\n", "two\n", "three\n", "four\n", "five");
    assertEquals("one\n", text(reader.readline()));
    assertEquals(2, reader.skip(2));
    assertEquals("o\n", text(reader.readNBytes(2)));
    byte[] target = new byte[6];
    assertEquals(6, reader.readNBytes(target, 0, 6));
    assertEquals("three\n", text(target));
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    assertEquals(9, reader.transferTo(rest));
    assertEquals("four\nfive", rest.toString(ISO_8859_1));
    assertEquals(0, reader.readAllBytes().length);
  }

  @Test
  void availableCountsTheBufferAndTheStream() throws IOException {
    SocketReader reader = new SocketReader(Chunks.of("abcdef"), 4);
    assertEquals("ab", text(reader.read(2)));
    assertEquals(4, reader.available());
    assertEquals("cdef", text(reader.read(4)));
    assertEquals(0, reader.available());
  }

  // Buffers

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 2, 3, 5, 8192})
  void everyBufferSizeReadsTheSame(int bufsize) throws IOException {
    SocketReader reader = new SocketReader(Chunks.of("on", "e\ntwo\nabc", "defg\n", "x"), bufsize);
    assertEquals("one\n", text(reader.readline()));
    assertEquals("tw", text(reader.readline(2)));
    assertEquals("o\n", text(reader.readline()));
    assertEquals("abcde", text(reader.readNBytes(5)));
    assertEquals('f', reader.read());
    assertEquals("g\n", text(reader.readline()));
    assertEquals("x", text(reader.read1(9)));
    assertEquals(EMPTY, text(reader.readline()));
  }

  @Test
  void readerWithoutABufferReadsNothingAhead() throws IOException {
    Chunks chunks = Chunks.of("one\ntwo\nthree\nfour\n");
    SocketReader reader = new SocketReader(chunks, 0);
    assertEquals("one\n", text(reader.readline()));
    assertEquals(4, chunks.taken());
    assertEquals("two", text(reader.read(3)));
    assertEquals(7, chunks.taken());
    assertEquals('\n', reader.read());
    assertEquals(8, chunks.taken());
    assertEquals("thr", text(reader.readNBytes(3)));
    assertEquals(11, chunks.taken());
    assertEquals("ee", text(reader.readline(2)));
    assertEquals(13, chunks.taken());
    assertEquals("\nf", text(reader.read1(2)));
    assertEquals(15, chunks.taken());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 16, 100})
  void readerReadsNoMoreAheadThanItsBuffer(int bufsize) throws IOException {
    String line = "x".repeat(1000) + "\n";
    Chunks chunks = Chunks.of(line.repeat(10));
    SocketReader reader = new SocketReader(chunks, bufsize);
    int used = 0;
    used += reader.readline().length;
    assertAhead(chunks, used, bufsize);
    used += reader.read(777).length;
    assertAhead(chunks, used, bufsize);
    used += reader.read(1).length;
    assertAhead(chunks, used, bufsize);
    used += reader.readline(500).length;
    assertAhead(chunks, used, bufsize);
    used += reader.read1(50).length;
    assertAhead(chunks, used, bufsize);
    reader.peek(10);
    assertAhead(chunks, used, bufsize);
    used += reader.readline().length;
    assertAhead(chunks, used, bufsize);
  }

  private static void assertAhead(Chunks chunks, int used, int bufsize) {
    int ahead = chunks.taken() - used;
    assertTrue(ahead <= bufsize, ahead + " bytes read ahead with a buffer of " + bufsize);
  }

  @Test
  void bufferMakesManySmallReadsOne() throws IOException {
    Chunks chunks = Chunks.of("a\n".repeat(1000));
    SocketReader reader = new SocketReader(chunks);
    for (int i = 0; i < 1000; i++) {
      assertEquals("a\n", text(reader.readline()));
    }
    assertEquals(1, chunks.reads());
  }

  @Test
  void bigReadAsksForNoMoreMemoryThanComes() throws IOException {
    Chunks chunks = Chunks.of("abc");
    assertEquals("abc", text(new SocketReader(chunks).read(1 << 30)));
    assertTrue(chunks.longestRequest() <= 65536, "asked for " + chunks.longestRequest());
  }

  @Test
  void longLineIsReadInFewReads() throws IOException {
    int pieces = 64;
    Chunks chunks = new Chunks();
    for (int i = 0; i < pieces; i++) {
      chunks.then("x".repeat(16384));
    }
    chunks.then("\n");
    assertEquals(pieces * 16384 + 1, new SocketReader(chunks).readline(pieces * 16384 + 1).length);
    assertTrue(chunks.reads() <= 4 * pieces, chunks.reads() + " reads");
  }

  @ParameterizedTest
  @ValueSource(ints = {-2, Integer.MIN_VALUE})
  void otherNegativeBufferSizesAreAnError(int bufsize) {
    assertNames(bufsize, () -> new SocketReader(Chunks.of(), bufsize));
  }

  @Test
  void readerNeedsAStream() {
    assertThrows(NullPointerException.class, () -> new SocketReader(null));
  }

  // Time-outs

  @Test
  void lineKeepsWhatCameBeforeATimeout() throws IOException {
    SocketReader reader =
        new SocketReader(Chunks.of("beg").thenTimeout().then("in").thenTimeout().then("ning\n"));
    timesOut(reader::readline);
    timesOut(reader::readline);
    assertEquals("beginning\n", text(reader.readline()));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, 2, 3, 100})
  void countKeepsWhatCameBeforeATimeout(int bufsize) throws IOException {
    SocketReader reader =
        new SocketReader(
            Chunks.of("ab").thenTimeout().then("cd").thenTimeout().then("ef").thenTimeout(),
            bufsize);
    timesOut(() -> reader.read(6));
    timesOut(() -> reader.readNBytes(6));
    assertEquals("abcdef", text(reader.read(6)));
    timesOut(() -> reader.read(1));
    assertEquals(EMPTY, text(reader.read(1)));
  }

  @Test
  void countWithoutABufferKeepsWhatCameBeforeATimeout() throws IOException {
    SocketReader reader =
        new SocketReader(Chunks.of("ab").thenTimeout().then("cd").thenTimeout().then("ef"), 0);
    timesOut(() -> reader.readNBytes(6));
    timesOut(() -> reader.readNBytes(6));
    assertEquals("abcdef", text(reader.readNBytes(6)));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 2, 3, 100})
  void readIntoAnArrayPutsBackWhatCameBeforeATimeout(int bufsize) throws IOException {
    SocketReader reader =
        new SocketReader(
            Chunks.of("ab").thenTimeout().then("cd").thenTimeout().then("ef"), bufsize);
    byte[] target = new byte[8];
    timesOut(() -> reader.readNBytes(target, 1, 6));
    timesOut(() -> reader.readNBytes(target, 2, 6));
    assertEquals(6, reader.readNBytes(target, 2, 6));
    assertEquals("abcdef", new String(target, 2, 6, ISO_8859_1));
  }

  @Test
  void readToTheEndKeepsWhatCameBeforeATimeout() throws IOException {
    SocketReader reader = new SocketReader(Chunks.of("ab").thenTimeout().then("cd"));
    timesOut(reader::readAllBytes);
    assertEquals("abcd", text(reader.readAllBytes()));
  }

  @Test
  void bytesBeforeATimeoutCanBeReadByAnyOtherCall() throws IOException {
    SocketReader reader =
        new SocketReader(Chunks.of("abcd").thenTimeout().thenTimeout().then("ef\n"));
    timesOut(reader::readline);
    assertEquals("abcd", text(reader.peek(1)));
    assertEquals('a', reader.read());
    assertEquals("bc", text(reader.read(2)));
    timesOut(() -> reader.readline(4));
    assertEquals("d", text(reader.read1(4)));
    assertEquals("ef\n", text(reader.readline()));
  }

  @Test
  void timeoutWithNothingReadLosesNothing() throws IOException {
    SocketReader reader =
        new SocketReader(
            new Chunks().thenTimeout().thenTimeout().thenTimeout().thenTimeout().then("x\n"));
    timesOut(reader::read);
    timesOut(() -> reader.peek(1));
    timesOut(() -> reader.read1(1));
    timesOut(() -> reader.read(new byte[3]));
    assertEquals("x\n", text(reader.readline()));
  }

  private static void timesOut(Executable call) {
    assertThrows(SocketTimeoutException.class, call);
  }

  private static void assertNames(int value, Executable call) {
    IllegalArgumentException error = assertThrows(IllegalArgumentException.class, call);
    assertTrue(error.getMessage().contains(String.valueOf(value)), error.getMessage());
  }

  // The end

  @Test
  void closingClosesTheStreamAndWhatIsBufferedIsGone() throws IOException {
    Chunks chunks = Chunks.of("one\ntwo\n");
    SocketReader reader = new SocketReader(chunks);
    assertEquals("one\n", text(reader.readline()));
    assertFalse(reader.closed());
    reader.close();
    assertTrue(reader.closed());
    assertTrue(chunks.isClosed());
    refuses(reader::readline);
    refuses(() -> reader.readline(1));
    refuses(reader::readlines);
    refuses(reader::read);
    refuses(() -> reader.read(1));
    refuses(() -> reader.read(0));
    refuses(() -> reader.read1(1));
    refuses(() -> reader.peek(1));
    refuses(() -> reader.read(new byte[1]));
    refuses(() -> reader.readNBytes(1));
    refuses(() -> reader.readNBytes(new byte[1], 0, 1));
    refuses(reader::readAllBytes);
    refuses(reader::available);
    assertThrows(UncheckedIOException.class, () -> reader.iterator().hasNext());
  }

  @Test
  void closingTwiceIsNoError() throws IOException {
    SocketReader reader = reading("x");
    reader.close();
    reader.close();
    assertTrue(reader.closed());
  }

  private static void refuses(Executable call) {
    IOException error = assertThrows(IOException.class, call);
    assertTrue(error.getMessage().contains("closed"), error.getMessage());
  }
}
