package socketserver.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.SocketReader;
import socketserver.fixture.IsolatedLibrary;

/** A line that never ends must not use up the memory: {@code -Dsocketserver.maxLine}. */
@Timeout(120)
class LongestLineTest {
  private static final int LONGEST = 1000;

  /** A reader of a library that was loaded with the property set. */
  private static final class Limited implements AutoCloseable {
    private final IsolatedLibrary library = new IsolatedLibrary();
    private final Class<?> type;
    private final Object reader;

    Limited(InputStream in, int bufsize) throws ReflectiveOperationException {
      String before = System.setProperty("socketserver.maxLine", String.valueOf(LONGEST));
      try {
        type = library.type("socketserver.SocketReader");
        reader = type.getConstructor(InputStream.class, int.class).newInstance(in, bufsize);
      } finally {
        if (before == null) {
          System.clearProperty("socketserver.maxLine");
        } else {
          System.setProperty("socketserver.maxLine", before);
        }
      }
    }

    byte[] readline() throws Exception {
      return call("readline");
    }

    byte[] call(String method, Integer... argument) throws Exception {
      try {
        return (byte[])
            (argument.length == 0
                ? type.getMethod(method).invoke(reader)
                : type.getMethod(method, int.class).invoke(reader, argument[0]));
      } catch (InvocationTargetException e) {
        throw (Exception) e.getCause();
      }
    }

    @Override
    public void close() throws IOException {
      library.close();
    }
  }

  private static Chunks pieces(String text, int length) {
    Chunks chunks = new Chunks();
    for (int at = 0; at < text.length(); at += length) {
      chunks.then(text.substring(at, Math.min(at + length, text.length())));
    }
    return chunks;
  }

  private static String line(int length) {
    return "x".repeat(length - 1) + "\n";
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 999, 1000, 1001, 100_000})
  void longestLineIsReadHoweverItComes(int piece) throws Exception {
    try (var reader = new Limited(pieces(line(LONGEST) + line(LONGEST) + "z", piece), -1)) {
      assertEquals(LONGEST, reader.readline().length);
      assertEquals(LONGEST, reader.readline().length);
      assertEquals(1, reader.readline().length);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 999, 1000, 1001, 100_000})
  void longerLineIsRefusedHoweverItComesAndNothingOfItIsLost(int piece) throws Exception {
    String longer = line(LONGEST + 1);
    try (var reader = new Limited(pieces(line(10) + longer + line(5), piece), -1)) {
      assertEquals(10, reader.readline().length);
      IOException error = assertThrows(IOException.class, reader::readline);
      assertTrue(error.getMessage().contains("1000"), error.getMessage());
      assertTrue(error.getMessage().contains("socketserver.maxLine"), error.getMessage());
      assertTrue(error.getMessage().contains("readline(limit)"), error.getMessage());
      assertEquals(longer, new String(reader.call("readline", 5000)));
      assertEquals(line(5), new String(reader.readline()));
    }
  }

  @Test
  void readerWithoutABufferHasTheSameLimit() throws Exception {
    try (var reader = new Limited(pieces(line(LONGEST) + line(LONGEST + 1), 5000), 0)) {
      assertEquals(LONGEST, reader.readline().length);
      assertThrows(IOException.class, reader::readline);
    }
  }

  @Test
  void callersOwnLimitCountsInstead() throws Exception {
    try (var reader = new Limited(pieces(line(5000), 512), -1)) {
      assertEquals(3000, reader.call("readline", 3000).length);
      assertEquals(2000, reader.call("readline", 2500).length);
    }
  }

  @Test
  void countsAreNotLimited() throws Exception {
    try (var reader = new Limited(pieces(line(5000), 512), -1)) {
      assertEquals(5000, reader.call("read", 5000).length);
    }
  }

  @Test
  void withoutThePropertyItIs1MiB() throws IOException {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            java.util.Arrays.fill(target, offset, offset + length, (byte) 'x');
            return length;
          }
        };
    try (SocketReader reader = new SocketReader(endless, 1 << 20)) {
      IOException error = assertThrows(IOException.class, reader::readline);
      assertTrue(error.getMessage().contains(String.valueOf(1 << 20)), error.getMessage());
    }
  }
}
