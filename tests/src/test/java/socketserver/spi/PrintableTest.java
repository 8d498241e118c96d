package socketserver.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import socketserver.UnixAddress;

/** What becomes of text that a peer has written before it gets into a log. */
class PrintableTest {
  @Test
  void ordinaryTextStaysAsItIs() {
    String text = "GET /straße?q=\"日本\" \\ 😀";
    assertSame(text, Printable.of(text));
  }

  @ParameterizedTest
  @CsvSource({
    "000a, \\n",
    "000d, \\r",
    "0009, \\t",
    "0000, \\x00",
    "001b, \\x1b",
    "007f, \\x7f",
    "0085, \\x85",
    "009b, \\x9b",
    "202e, \\u202e",
    "2066, \\u2066",
    "2028, \\u2028",
    "200b, \\u200b",
    "feff, \\ufeff",
    "d800, \\ud800",
    "e0001, \\U000e0001",
  })
  void whatMovesTheCursorOrTheDirectionIsEscaped(String point, String escaped) {
    String text = Character.toString(Integer.parseInt(point, 16));
    assertEquals("a" + escaped + "b", Printable.of("a" + text + "b"));
  }

  @Test
  void longTextIsCutAndItsLengthSaid() {
    String text = "x".repeat(1_000_000);
    assertEquals(text.substring(0, 200) + "... (1000000 characters)", Printable.of(text));
    assertEquals(text.substring(0, 200), Printable.of(text.substring(0, 200)));
  }

  @Test
  void aTextIsNotCutWithinACharacter() {
    assertEquals("a😀... (4 characters)", Printable.of("a😀b", 2));
  }

  @Test
  void nullAndOtherThingsArePrinted() {
    assertEquals("null", Printable.of(null));
    assertEquals("java.io.IOException: two\\nlines", Printable.of(new IOException("two\nlines")));
  }

  @Test
  void addressOfAUnixSocketForgesNoLine() {
    assertEquals("/tmp/a\\n\\x1b[2J", UnixAddress.of("/tmp/a\n\u001b[2J").toString());
    assertEquals("@a\\n", UnixAddress.of("\0a\n").toString());
  }
}
