package socketserver.examples;

import java.net.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Python's pickles of a tuple of one string, {@code ("text",)}, and of nothing else.
 *
 * <p>A pickle is a program, which may call whatever the reader has; who loads one that a stranger
 * has sent runs the stranger's program. So this knows the opcodes that such a tuple is made of, in
 * the one order that pickle writes them, and refuses everything else: there is no stack, no memo to
 * read from, nothing to be constructed.
 *
 * <p>Sources: the <a href="https://docs.python.org/3/library/pickletools.html">pickletools</a>
 * module describes the opcodes, <a href="https://peps.python.org/pep-3154/">PEP 3154</a> protocol
 * 4.
 */
final class Pickle {
  private static final int PROTO = 0x80;
  private static final int FRAME = 0x95;
  private static final int MARK = '(';
  private static final int STRING = 'S';
  private static final int BINSTRING = 'T';
  private static final int SHORT_BINSTRING = 'U';
  private static final int UNICODE = 'V';
  private static final int BINUNICODE = 'X';
  private static final int SHORT_BINUNICODE = 0x8c;
  private static final int BINUNICODE8 = 0x8d;
  private static final int PUT = 'p';
  private static final int BINPUT = 'q';
  private static final int LONG_BINPUT = 'r';
  private static final int MEMOIZE = 0x94;
  private static final int TUPLE = 't';
  private static final int TUPLE1 = 0x85;
  private static final int STOP = '.';

  private static final int NEWEST = 5;

  /** What is left of the pickle. */
  private final ByteBuffer rest;

  private Pickle(byte[] pickle) {
    rest = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns what {@code pickle.dumps((text,), 4)} does, which Python 3.4 and later can load. */
  static byte[] dumps(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    boolean isShort = utf8.length < 0x100;
    int framed = (isShort ? 2 : 5) + utf8.length + 4;
    ByteBuffer pickle = ByteBuffer.allocate(11 + framed).order(ByteOrder.LITTLE_ENDIAN);
    pickle.put((byte) PROTO).put((byte) 4).put((byte) FRAME).putLong(framed);
    if (isShort) {
      pickle.put((byte) SHORT_BINUNICODE).put((byte) utf8.length);
    } else {
      pickle.put((byte) BINUNICODE).putInt(utf8.length);
    }
    pickle.put(utf8).put((byte) MEMOIZE).put((byte) TUPLE1).put((byte) MEMOIZE).put((byte) STOP);
    return pickle.array();
  }

  /**
   * Returns the string of a pickle that any version of Python has written, by any protocol.
   *
   * @throws ProtocolException if it is the pickle of anything else, or none; the message says where
   */
  static String loads(byte[] pickle) throws ProtocolException {
    Pickle loading = new Pickle(pickle);
    try {
      return loading.tuple();
    } catch (BufferUnderflowException e) {
      throw new ProtocolException("pickle ends too early, after " + pickle.length + " bytes");
    } catch (CharacterCodingException e) {
      throw new ProtocolException("pickle has a text that is not UTF-8");
    }
  }

  private String tuple() throws ProtocolException, CharacterCodingException {
    int opcode = opcode();
    if (opcode == PROTO) {
      int protocol = unsignedByte();
      if (protocol > NEWEST) {
        throw new ProtocolException("unsupported pickle protocol: " + protocol);
      }
      opcode = opcode();
    }
    boolean marked = opcode == MARK;
    String text = text(marked ? opcode() : opcode);
    if (opcodeAfterPut() != (marked ? TUPLE : TUPLE1)) {
      throw unexpected("the end of a tuple of one");
    }
    if (opcodeAfterPut() != STOP) {
      throw unexpected("the end of the pickle");
    }
    if (rest.hasRemaining()) {
      throw new ProtocolException(rest.remaining() + " bytes after the end of the pickle");
    }
    return text;
  }

  /** The next opcode but FRAME, which says how much to read ahead: here all of it is there. */
  private int opcode() throws ProtocolException {
    int opcode = unsignedByte();
    while (opcode == FRAME) {
      long length = rest.getLong();
      if (length < 0 || length > rest.remaining()) {
        throw new ProtocolException("pickle frame is longer than the pickle: " + length);
      }
      opcode = unsignedByte();
    }
    return opcode;
  }

  /** The next opcode but those that remember what was loaded: nothing refers to it later. */
  private int opcodeAfterPut() throws ProtocolException {
    int opcode = opcode();
    switch (opcode) {
      case PUT -> line();
      case BINPUT -> unsignedByte();
      case LONG_BINPUT -> rest.getInt();
      case MEMOIZE -> {}
      default -> {
        return opcode;
      }
    }
    return opcode();
  }

  private String text(int opcode) throws ProtocolException, CharacterCodingException {
    return switch (opcode) {
      case SHORT_BINUNICODE, SHORT_BINSTRING -> utf8(bytes(unsignedByte()));
      case BINUNICODE -> utf8(bytes(Integer.toUnsignedLong(rest.getInt())));
      case BINSTRING -> utf8(bytes(rest.getInt()));
      case BINUNICODE8 -> utf8(bytes(rest.getLong()));
      case UNICODE -> rawUnicode(line());
      case STRING -> utf8(unquoted(line()));
      default -> throw unexpected("a string");
    };
  }

  private ProtocolException unexpected(String expected) {
    int at = rest.position() - 1;
    return new ProtocolException(
        String.format(
            "pickle is not of one string: expected %s at byte %d, got opcode 0x%02x",
            expected, at, rest.get(at) & 0xff));
  }

  // Arguments of opcodes

  private int unsignedByte() {
    return rest.get() & 0xff;
  }

  private byte[] bytes(long length) {
    if (length < 0 || length > rest.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[(int) length];
    rest.get(bytes);
    return bytes;
  }

  /** What comes before the next line feed, a character for each byte. */
  private String line() {
    StringBuilder line = new StringBuilder();
    for (int b = unsignedByte(); b != '\n'; b = unsignedByte()) {
      line.append((char) b);
    }
    return line.toString();
  }

  private static String utf8(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  /** Protocol 0: Latin-1, and the rest as u and four digits, or U and eight. */
  private static String rawUnicode(String line) throws ProtocolException {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char kind = charAt(line, at++);
      int digits = kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
      int number = digits == 0 ? -1 : hex(line, at, digits);
      if (!Character.isValidCodePoint(number)) {
        throw unknownEscape();
      }
      text.appendCodePoint(number);
      at += digits;
    }
    return text.toString();
  }

  /** Protocol 0 of Python 2: what {@code repr} makes of a string of bytes. */
  private static byte[] unquoted(String line) throws ProtocolException {
    int end = line.length() - 1;
    if (end < 1 || line.charAt(0) != line.charAt(end) || "'\"".indexOf(line.charAt(0)) < 0) {
      throw new ProtocolException("pickle has a string without quotes");
    }
    ByteBuffer bytes = ByteBuffer.allocate(end);
    int at = 1;
    while (at < end) {
      char c = line.charAt(at++);
      if (c == '\\') {
        char kind = charAt(line.substring(0, end), at++);
        switch (kind) {
          case '\\', '\'', '"' -> c = kind;
          case 'n' -> c = '\n';
          case 'r' -> c = '\r';
          case 't' -> c = '\t';
          case 'x' -> {
            c = (char) hex(line, at, 2);
            at += 2;
          }
          default -> throw unknownEscape();
        }
      }
      bytes.put((byte) c);
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static char charAt(String line, int at) throws ProtocolException {
    if (at >= line.length()) {
      throw unknownEscape();
    }
    return line.charAt(at);
  }

  private static int hex(String line, int at, int digits) throws ProtocolException {
    int number = 0;
    for (int i = at; i < at + digits; i++) {
      int digit = Character.digit(charAt(line, i), 16);
      if (digit < 0) {
        throw unknownEscape();
      }
      number = number << 4 | digit;
    }
    return number;
  }

  private static ProtocolException unknownEscape() {
    return new ProtocolException("pickle has a string with an unknown escape");
  }
}
