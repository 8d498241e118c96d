package socketserver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;

/**
 * Finds the blocks of a PEM file (RFC 7468). Text around them is skipped, as OpenSSL does.
 *
 * <p>Netty's reader is no replacement. It ignores a certificate that is cut off and characters that
 * are not base64, reads a certificate request as a certificate, does not report the label of a key,
 * which tells its format, and lets BouncyCastle make the key where that is on the class path.
 */
final class PemFile {
  /** System bundles of certificates take a quarter of a megabyte. */
  static final int MAX_BYTES = 4 << 20;

  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  private final Path file;
  private final Iterator<String> lines;

  /** The number of the line that was read last. */
  private int number;

  private PemFile(Path file, String text) {
    this.file = file;
    this.lines = text.lines().iterator();
  }

  /**
   * Reads the blocks of a file.
   *
   * @return the blocks in their order, at least one
   * @throws IOException if the file cannot be read, is too long, has no block or a broken one; the
   *     message names it
   */
  static List<PemBlock> read(Path file) throws IOException {
    String text = text(file);
    List<PemBlock> blocks = new PemFile(file, text).blocks();
    if (blocks.isEmpty()) {
      // DER begins with the tag of a sequence, which is a zero in ASCII
      String why =
          text.startsWith("0")
              ? "it is DER (convert it with openssl x509, pkey or pkcs12)"
              : "there is no line -----BEGIN ...-----";
      throw new IOException("no PEM block in " + file + ": " + why);
    }
    return blocks;
  }

  private static String text(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      // a device or a pipe has no size to ask for
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(file.toString(), null, "no such file");
    } catch (AccessDeniedException e) {
      throw new AccessDeniedException(file.toString(), null, "permission denied");
    } catch (IOException e) {
      throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
    }
    if (bytes.length > MAX_BYTES) {
      throw new IOException(file + " is no PEM file: longer than " + MAX_BYTES + " bytes");
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private String nextLine() {
    number++;
    return lines.next();
  }

  private List<PemBlock> blocks() throws IOException {
    List<PemBlock> blocks = new ArrayList<>();
    while (lines.hasNext()) {
      String line = nextLine();
      if (line.startsWith(BEGIN)) {
        blocks.add(block(label(line, BEGIN)));
      }
    }
    return blocks;
  }

  /** Reads from behind a BEGIN line to behind its END line. */
  private PemBlock block(String label) throws IOException {
    int begin = number;
    StringBuilder base64 = new StringBuilder();
    boolean encrypted = false;
    while (lines.hasNext()) {
      String line = nextLine();
      if (line.startsWith(BEGIN)) {
        throw broken(label, begin, "line " + number + " begins another block");
      }
      if (line.startsWith(END)) {
        if (!label(line, END).equals(label)) {
          throw broken(label, begin, "line " + number + " ends another block");
        }
        byte[] der = encrypted ? new byte[0] : decode(base64.toString(), label, begin);
        return new PemBlock(label, der, encrypted);
      }
      // no base64 has the colon of the header lines that RFC 1421 allows
      if (line.indexOf(':') < 0) {
        base64.append(line);
      } else if (line.startsWith("DEK-Info:")) {
        encrypted = true;
      }
    }
    throw broken(label, begin, "it has no END line");
  }

  private byte[] decode(String base64, String label, int begin) throws IOException {
    try {
      return Base64.getDecoder().decode(base64.replaceAll("[ \t]", ""));
    } catch (IllegalArgumentException e) {
      // without its message, which quotes the text
      throw broken(label, begin, "it is not base64");
    }
  }

  /** Returns the words between the dashes of a BEGIN or END line that has nothing else. */
  private String label(String line, String start) throws IOException {
    // a block on one line has dashes in the middle: no label, as messages quote labels
    int end = line.indexOf(DASHES, start.length());
    if (end < 0 || end + DASHES.length() < line.stripTrailing().length()) {
      throw new IOException(
          "broken PEM line " + number + " in " + file + ": it is not " + start + "...-----");
    }
    return line.substring(start.length(), end);
  }

  private IOException broken(String label, int begin, String why) {
    return new IOException(
        "broken " + label + " block at line " + begin + " of " + file + ": " + why);
  }
}
