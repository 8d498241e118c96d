package socketserver.differential;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Values as both sides print them: the twin of {@code show} in scenarios.py. */
final class Shown {
  private static final int LONGEST = 100;

  private Shown() {}

  static String of(Object value) {
    if (value == null) {
      return "None";
    }
    if (value instanceof byte[] bytes) {
      return bytes(bytes);
    }
    if (value instanceof Duration duration) {
      BigDecimal seconds = BigDecimal.valueOf(duration.toNanos(), 9);
      return seconds.stripTrailingZeros().toPlainString() + " s";
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Shown::of).collect(Collectors.joining(", ", "[", "]"));
    }
    return value.toString();
  }

  static String bytes(byte[] data) {
    if (data.length > LONGEST) {
      return data.length + " bytes, sha-256 " + hash(data);
    }
    StringBuilder shown = new StringBuilder("'");
    for (byte signed : data) {
      int b = signed & 0xff;
      if (b == '\n') {
        shown.append("\\n");
      } else if (b == '\r') {
        shown.append("\\r");
      } else if (b >= 32 && b < 127 && b != '\'' && b != '\\') {
        shown.append((char) b);
      } else {
        shown.append("\\x").append(HexFormat.of().toHexDigits(signed));
      }
    }
    return shown.append("'").toString();
  }

  private static String hash(byte[] data) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(data);
      return HexFormat.of().formatHex(digest).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The bytes of a text that a script sends: one byte a character. */
  static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
