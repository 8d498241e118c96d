package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read and written of Python's pickles. */
@Timeout(120)
class PickleTest {
  private static final HexFormat HEX = HexFormat.of();

  private static final List<String> TEXTS =
      List.of(
          "",
          "NAME: alice",
          "line\nand \\ and \r and \0 and \u001a",
          "it's \"quoted\"",
          "über 欢迎 \ud83d\ude00 \\u0041",
          "x".repeat(255),
          "x".repeat(256),
          "é".repeat(200),
          "x".repeat(70_000));

  /** What Python 3 writes by each protocol, and Python 2 by its three. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "(VNAME: alice~p0~tp1~.",
        "(X#0b#00#00#00NAME: aliceq#00tq#01.",
        "#80#02X#0b#00#00#00NAME: aliceq#00#85q#01.",
        "#80#03X#0b#00#00#00NAME: aliceq#00#85q#01.",
        "#80#04#95#11#00#00#00#00#00#00#00#8c#0bNAME: alice#94#85#94.",
        "#80#05#95#11#00#00#00#00#00#00#00#8c#0bNAME: alice#94#85#94.",
        "(S'NAME: alice'~p1~tp2~.",
        "(S\"NAME: alice\"~p0~tp1~.",
        "(U#0bNAME: aliceq#01tq#02.",
        "#80#02U#0bNAME: aliceq#01#85q#02.",
        "#80#02T#0b#00#00#00NAME: aliceq#01#85q#02.",
        "#80#04#8d#0b#00#00#00#00#00#00#00NAME: alicer#00#00#00#00#85.",
        "X#0b#00#00#00NAME: alice#85.",
      })
  void readsEveryProtocol(String pickle) throws Exception {
    assertEquals("NAME: alice", Pickle.loads(bytes(pickle)));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "(S'a\\n\\r\\t\\'\\\"\\\\#c3#bc\\xc3\\xbc'~p1~tp2~. | 610a0d0927225cc3bcc3bc",
        "(Va\\u000a\\u6b22\\U0001f600#fc~p0~tp1~. | 610ae6aca2f09f9880c3bc",
      },
      delimiter = '|')
  void readsTheEscapesOfProtocolZero(String pickle, String utf8) throws Exception {
    byte[] text = Pickle.loads(bytes(pickle)).getBytes(StandardCharsets.UTF_8);
    assertEquals(utf8, HEX.formatHex(text));
  }

  @Test
  void writesWhatPythonWritesByProtocolFour() {
    assertArrayEquals(
        bytes("#80#04#95#11#00#00#00#00#00#00#00#8c#0bNAME: alice#94#85#94."),
        Pickle.dumps("NAME: alice"));
  }

  @Test
  void readsWhatItWrites() throws Exception {
    for (String text : TEXTS) {
      assertEquals(text, Pickle.loads(Pickle.dumps(text)));
    }
  }

  @Test
  void readsWhatPythonWrites() throws Exception {
    try (var python = Program.python("pickles.py")) {
      for (String text : TEXTS) {
        python.type(HEX.formatHex(text.getBytes(StandardCharsets.UTF_8)));
        String[] pickles = python.output.until("\n").strip().split(" ");
        assertTrue(pickles.length >= 5, () -> Arrays.toString(pickles));
        for (String pickle : pickles) {
          assertEquals(text, Pickle.loads(HEX.parseHex(pickle)), pickle);
        }
      }
    }
  }

  @Test
  void pythonReadsWhatItWrites() throws Exception {
    try (var python = Program.python("pickles.py", "--load")) {
      for (String text : TEXTS) {
        python.type(HEX.formatHex(Pickle.dumps(text)));
        byte[] read = HEX.parseHex(python.output.until("\n").strip());
        assertEquals(text, new String(read, StandardCharsets.UTF_8));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        // os.system("true")
        "cos~system~(S'true'~tR. | expected a string at byte 0, got opcode 0x63",
        "#80#04#8c#02os#94#8c#06system#94#93. | expected the end of a tuple of one at byte 7,",
        "#80#04(c | expected a string at byte 3, got opcode 0x63",
        "X#01#00#00#00a. | expected the end of a tuple of one at byte 6, got opcode 0x2e",
        "(X#01#00#00#00aX#01#00#00#00bt. | expected the end of a tuple of one at byte 7",
        "X#01#00#00#00a#85#85. | expected the end of the pickle at byte 7, got opcode 0x85",
        "(X#01#00#00#00a#85. | expected the end of a tuple of one at byte 7, got opcode 0x85",
        "X#01#00#00#00at. | expected the end of a tuple of one at byte 6, got opcode 0x74",
        "). | expected a string at byte 0",
        "N. | expected a string at byte 0",
        "h#00#85. | expected a string at byte 0",
        "X#01#00#00#00a#85.. | 1 bytes after the end of the pickle",
        "#80#06X#01#00#00#00a#85. | unsupported pickle protocol: 6",
        "X#02#00#00#00#c3#28#85. | not UTF-8",
        "X#03#00#00#00#ed#a0#80#85. | not UTF-8",
        "#80#04#95#ff#00#00#00#00#00#00#00X | frame is longer than the pickle: 255",
        "#80#04#95#ff#ff#ff#ff#ff#ff#ff#ffX | frame is longer than the pickle: -1",
        "(Sa~tp1~. | without quotes",
        "(S'~tp1~. | without quotes",
        "(S'a\"~tp1~. | without quotes",
        "(S'\\'~tp1~. | unknown escape",
        "(S'\\q'~tp1~. | unknown escape",
        "(S'\\x4'~tp1~. | unknown escape",
        "(V\\q~tp1~. | unknown escape",
        "(V\\u12~tp1~. | unknown escape",
        "(V\\U7fffffff~tp1~. | unknown escape",
        "(V\\~tp1~. | unknown escape",
      },
      delimiter = '|')
  void saysWhatIsWrongWithAPickle(String pickle, String complaint) {
    var refused = assertThrows(ProtocolException.class, () -> Pickle.loads(bytes(pickle)), pickle);
    assertTrue(refused.getMessage().contains(complaint), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#80#04#95#11#00#00#00#00#00#00#00#8c#0bNAME: alice#94#85#94.",
        "(VNAME: alice~p0~tp1~.",
        "(S'NAME: alice'~p1~tp2~.",
        "#80#02X#0b#00#00#00NAME: aliceq#00#85q#01."
      })
  void refusesEveryBeginningOfAPickle(String pickle) {
    byte[] whole = bytes(pickle);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(ProtocolException.class, () -> Pickle.loads(cut), () -> HEX.formatHex(cut));
    }
  }

  /** A number that says how long something is takes no memory before it is there. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "X#ff#ff#ff#ffa#85.",
        "X#ff#ff#ff#7fa#85.",
        "T#ff#ff#ff#ffa#85.",
        "#8d#ff#ff#ff#ff#ff#ff#ff#ffa#85.",
        "#8d#ff#ff#ff#ff#ff#ff#ff#7fa#85.",
        "U#ffa#85.",
      })
  void refusesATextThatIsLongerThanThePickle(String pickle) {
    var refused = assertThrows(ProtocolException.class, () -> Pickle.loads(bytes(pickle)));
    assertTrue(refused.getMessage().startsWith("pickle ends too early"), refused.getMessage());
  }

  /** Characters are bytes; {@code ~} is a line feed, {@code #} begins one in hexadecimal. */
  private static byte[] bytes(String written) {
    StringBuilder latin1 = new StringBuilder();
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      if (c == '#') {
        latin1.append((char) Integer.parseInt(written.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        latin1.append(c == '~' ? '\n' : c);
      }
    }
    return latin1.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
