package socketserver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The end of a line, wherever it is and whatever is around it. */
class LineFeedTest {
  private static final int LENGTH = 27;

  @Test
  void theFirstIsFoundAmongAnyOtherBytes() {
    for (int other = -128; other < 128; other++) {
      for (int at = 0; at < LENGTH && other != '\n'; at++) {
        byte[] bytes = new byte[LENGTH];
        Arrays.fill(bytes, (byte) other);
        bytes[at] = '\n';
        bytes[LENGTH - 1] = '\n';
        assertEquals(at, LineFeed.indexOf(bytes, 0, LENGTH), "before and after " + other);
      }
    }
  }

  @Test
  void noOtherByteIsTakenForOne() {
    for (int other = -128; other < 128; other++) {
      byte[] bytes = new byte[LENGTH];
      Arrays.fill(bytes, (byte) other);
      assertEquals(other == '\n' ? 0 : -1, LineFeed.indexOf(bytes, 0, LENGTH), "byte " + other);
    }
  }

  @Test
  void whatIsOutsideDoesNotCount() {
    byte[] bytes = new byte[LENGTH];
    for (int from = 1; from < LENGTH - 1; from++) {
      for (int to = from; to < LENGTH; to++) {
        Arrays.fill(bytes, (byte) 'x');
        bytes[from - 1] = '\n';
        bytes[to] = '\n';
        assertEquals(-1, LineFeed.indexOf(bytes, from, to), from + " to " + to);
        assertEquals(to, LineFeed.indexOf(bytes, from, to + 1), from + " to " + (to + 1));
      }
    }
  }
}
