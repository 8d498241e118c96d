package socketserver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Finds the blocks of a PEM file (RFC 7468). Text around them is skipped, as OpenSSL does. The text
 * is kept in arrays that are overwritten, never in strings: it may be a key.
 */
final class PemFile {
  /** System bundles of certificates take a quarter of a megabyte. */
  static final int MAX_BYTES = 4 << 20;

  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";
  private static final String ENCRYPTION_HEADER = "DEK-Info:";
  private static final byte DER_SEQUENCE = 0x30;
  private static final int BYTE_ORDER_MARK_BYTES = 3;

  private final Path file;
  private final byte[] text;
  private int next;
  private int line;

  private PemFile(Path file, byte[] text) {
    this.file = file;
    this.text = text;
  }

  /**
   * Reads the blocks of a file.
   *
   * @return the blocks in their order, at least one; the caller clears them
   * @throws IOException if the file cannot be read, is too long, has no block or a broken one; the
   *     message names it
   */
  static List<PemBlock> read(Path file) throws IOException {
    byte[] text = bytes(file);
    List<PemBlock> blocks = new ArrayList<>();
    boolean complete = false;
    try {
      new PemFile(file, text).parse(blocks);
      if (blocks.isEmpty()) {
        boolean der = text.length > 0 && text[0] == DER_SEQUENCE;
        throw new IOException(
            "no PEM block in "
                + file
                + (der
                    ? ": it is DER (convert it with openssl x509, pkey or pkcs12)"
                    : ": there is no line -----BEGIN ...-----"));
      }
      complete = true;
      return blocks;
    } finally {
      Arrays.fill(text, (byte) 0);
      if (!complete) {
        blocks.forEach(PemBlock::clear);
      }
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    byte[] text;
    try (InputStream in = Files.newInputStream(file)) {
      // a device or a pipe has no size to ask for
      text = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(file.toString(), null, "no such file");
    } catch (AccessDeniedException e) {
      throw new AccessDeniedException(file.toString(), null, "permission denied");
    } catch (IOException e) {
      throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
    }
    if (text.length > MAX_BYTES) {
      Arrays.fill(text, (byte) 0);
      throw new IOException(file + " is no PEM file: longer than " + MAX_BYTES + " bytes");
    }
    return text;
  }

  private void parse(List<PemBlock> blocks) throws IOException {
    if (text.length >= BYTE_ORDER_MARK_BYTES
        && text[0] == (byte) 0xef
        && text[1] == (byte) 0xbb
        && text[2] == (byte) 0xbf) {
      next = BYTE_ORDER_MARK_BYTES;
    }
    while (next < text.length) {
      int start = next;
      int end = nextLine();
      if (startsWith(start, end, BEGIN)) {
        blocks.add(block(label(start, end)));
      }
    }
  }

  /** Reads from behind a BEGIN line to behind its END line. */
  private PemBlock block(String label) throws IOException {
    int begin = line;
    int body = next;
    // what is base64 moves together at the block's start, so that there is no second copy of it
    int length = 0;
    boolean encrypted = false;
    while (next < text.length) {
      int start = next;
      int end = nextLine();
      if (startsWith(start, end, END)) {
        if (!label(start, end).equals(label)) {
          throw broken(label, begin, "line " + line + " ends another block");
        }
        byte[] base64 = encrypted ? new byte[0] : Arrays.copyOfRange(text, body, body + length);
        return new PemBlock(label, decode(base64, label, begin), encrypted);
      }
      if (startsWith(start, end, BEGIN)) {
        throw broken(label, begin, "line " + line + " begins another block");
      }
      if (isHeader(start, end)) {
        encrypted |= startsWith(start, end, ENCRYPTION_HEADER);
        continue;
      }
      for (int i = start; i < end; i++) {
        if (text[i] != ' ' && text[i] != '\t') {
          text[body + length++] = text[i];
        }
      }
    }
    throw broken(label, begin, "it has no END line");
  }

  private byte[] decode(byte[] base64, String label, int begin) throws IOException {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // without its message, which quotes the text
      throw broken(label, begin, "it is not base64");
    } finally {
      Arrays.fill(base64, (byte) 0);
    }
  }

  /** Moves to the next line and returns where this one's text ends, without trailing blanks. */
  private int nextLine() {
    int end = next;
    while (end < text.length && text[end] != '\n' && text[end] != '\r') {
      end++;
    }
    next = end + 1;
    if (end + 1 < text.length && text[end] == '\r' && text[end + 1] == '\n') {
      next++;
    }
    line++;
    while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '\t')) {
      end--;
    }
    return end;
  }

  private boolean startsWith(int start, int end, String prefix) {
    if (end - start < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      if (text[start + i] != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Tells whether a line is one of the headers that RFC 1421 allows: no base64 has a colon. */
  private boolean isHeader(int start, int end) {
    for (int i = start; i < end; i++) {
      if (text[i] == ':') {
        return true;
      }
    }
    return false;
  }

  /** Returns the words between the dashes of a BEGIN or END line that has nothing else. */
  private String label(int start, int end) throws IOException {
    String whole = new String(text, start, end - start, StandardCharsets.ISO_8859_1);
    int from = whole.startsWith(BEGIN) ? BEGIN.length() : END.length();
    // a block on one line has dashes in the middle: no label, as messages quote labels
    int to = whole.indexOf(DASHES, from);
    if (to < 0 || to + DASHES.length() < whole.length()) {
      String form = whole.substring(0, from) + "...-----";
      throw new IOException("broken PEM line " + line + " in " + file + ": it is not " + form);
    }
    return whole.substring(from, to);
  }

  private IOException broken(String label, int begin, String why) {
    return new IOException(
        "broken " + label + " block at line " + begin + " of " + file + ": " + why);
  }
}
