package socketserver.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static socketserver.tls.Certificates.AUTHORITY;
import static socketserver.tls.Certificates.SERVER;
import static socketserver.tls.Certificates.chain;
import static socketserver.tls.Certificates.key;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.Tls;

/**
 * What counts as a block of a PEM file. Netty's reader, which is a search for patterns, differs in
 * most of these cases: it refuses files that are in use, and ignores what is broken.
 */
class PemFormatTest {
  private static final String CHAIN = Pem.certificates(chain(SERVER));
  private static final String KEY = Pem.pkcs8(key(SERVER));
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----\n";
  private static final String END = "\n-----END CERTIFICATE-----";

  @TempDir Path folder;

  private Path file(String text) {
    return Pem.write(folder.resolve("server.pem"), text);
  }

  private void serves(String text) throws IOException {
    Path authority =
        Pem.write(folder.resolve("ca.crt"), Pem.certificate(AUTHORITY.getRootCertificate()));
    SSLContext client = Tls.createDefaultContext(authority);
    EnginePair pair = new EnginePair(client, Tls.loadCertChain(file(text))).handshake();
    Certificate[] shown = pair.client.getSession().getPeerCertificates();
    assertArrayEquals(chain(SERVER).toArray(), shown);
  }

  private String refusal(String text) {
    Path file = file(text);
    String message = assertThrows(IOException.class, () -> Tls.loadCertChain(file)).getMessage();
    assertTrue(message.contains(file.toString()), message);
    return message;
  }

  static Stream<Arguments> readable() {
    String text = CHAIN + KEY;
    return Stream.of(
        arguments("a byte order mark", "\ufeff" + text),
        arguments("indented base64", text.replaceAll("(?m)^(?!-)", " \t")),
        arguments("blanks in the base64", text.replace("\nM", "\nM \t")),
        arguments("empty lines", text.replace("\n", "\n\n")),
        arguments("header lines", text.replaceAll("(-----BEGIN.*\n)", "$1Name: x\nUse: y\n\n")),
        arguments("base64 without padding", text.replace("=", "")),
        arguments("base64 in one line", text.replaceAll("([^-])\n(?!-)", "$1")),
        arguments("a BEGIN line in the text", "# " + BEGIN + text),
        arguments("a BEGIN line after a letter of which UTF-8 ends in 85", "\u00c5" + BEGIN + text),
        arguments("an END line in the text", "-----END CERTIFICATE-----\n" + text));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("readable")
  void isRead(String what, String text) throws IOException {
    serves(text);
  }

  static Stream<Arguments> unreadable() {
    return Stream.of(
        arguments(
            "a block cut off after another",
            CHAIN.substring(0, CHAIN.length() - 40),
            "no END line"),
        arguments("noise before the base64", CHAIN.replaceFirst(BEGIN, BEGIN + "%%"), "not base64"),
        arguments("noise after the base64", CHAIN.replaceFirst(END, "\n%%%%" + END), "not base64"),
        arguments("base64url", CHAIN.replaceFirst("\nMI", "\n__"), "not base64"),
        arguments(
            "an END in the last line", CHAIN.replace(END, END.substring(1)), "begins another"),
        arguments("indented BEGIN lines", CHAIN.replace(BEGIN, " " + BEGIN), "no PEM block"),
        arguments("four dashes", CHAIN.replace("-----", "----"), "no PEM block"),
        arguments("six dashes", CHAIN.replace("-----", "------"), "no PEM block"),
        arguments("small letters", CHAIN.replace("BEGIN", "begin"), "no PEM block"),
        arguments("a certificate of OpenSSL's own", CHAIN.replace(" C", " TRUSTED C"), "no cert"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unreadable")
  void isRefused(String what, String text, String why) {
    String message = refusal(text);
    assertTrue(message.contains(why), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CERTIFICATE REQUEST",
        "NEW CERTIFICATE REQUEST",
        "ATTRIBUTE CERTIFICATE",
        "TRUSTED CERTIFICATE",
        "X509 CRL",
        "PUBLIC KEY",
        "DH PARAMETERS",
        "A-B"
      })
  void blocksOfOtherKindsAreSkipped(String label) throws IOException {
    String other = Pem.block(label, new byte[] {0x30, 0});
    serves(other + CHAIN + other + KEY + other);
  }

  @Test
  void certificatesMayHaveTheirOldLabel() throws IOException {
    serves(CHAIN.replace("CERTIFICATE", "X509 CERTIFICATE") + KEY);
  }

  @Test
  void aKeyThatIsAllOnOneLineIsNotQuoted() {
    String line = KEY.replace("\n", "");
    String message = refusal(CHAIN + line);
    String where = "broken PEM line " + (CHAIN.lines().count() + 1) + " in";
    assertTrue(message.contains(where), message);
    assertFalse(message.contains(line.substring(40, 60)), "the message quotes the key");
  }
}
