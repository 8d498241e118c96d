package socketserver.spi;

/**
 * Makes text that a peer may have written fit for a line of a log or the message of an exception:
 * what would start a line, move a terminal's cursor or turn the direction of writing is escaped as
 * Python's {@code repr} does it, and what is too long is cut.
 */
public final class Printable {
  /** How many characters of a text go into a line. */
  public static final int MOST = 200;

  private Printable() {}

  /**
   * Returns a text of at most {@link #MOST} characters, and the length of what was cut.
   *
   * @param text anything; null is "null"
   * @return the text, printable
   */
  public static String of(Object text) {
    return of(text, MOST);
  }

  /**
   * Returns a text of at most a number of characters, and the length of what was cut.
   *
   * @param text anything; null is "null"
   * @param most how many of its characters are used
   * @return the text, printable
   */
  public static String of(Object text, int most) {
    String all = String.valueOf(text);
    if (isPrintable(all, most)) {
      return all;
    }
    StringBuilder out = new StringBuilder();
    int end = Math.min(all.length(), most);
    for (int i = 0; i < end; ) {
      int point = all.codePointAt(i);
      append(out, point);
      i += Character.charCount(point);
    }
    if (end < all.length()) {
      out.append("... (").append(all.length()).append(" characters)");
    }
    return out.toString();
  }

  /**
   * Says whether a text would stay as it is.
   *
   * @param text the text
   * @param most how many characters it may have
   * @return true if nothing of it would be escaped or cut
   */
  public static boolean isPrintable(String text, int most) {
    return text.length() <= most && text.codePoints().allMatch(Printable::isPrintable);
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  private static void append(StringBuilder out, int point) {
    if (isPrintable(point)) {
      out.appendCodePoint(point);
      return;
    }
    switch (point) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default ->
          out.append(
              String.format(
                  point < 0x100 ? "\\x%02x" : point < 0x10000 ? "\\u%04x" : "\\U%08x", point));
    }
  }
}
