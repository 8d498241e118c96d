package socketserver.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.tls.Certificates.AUTHORITY;
import static socketserver.tls.Certificates.INTERMEDIATE;
import static socketserver.tls.Certificates.SERVER;
import static socketserver.tls.Certificates.chain;
import static socketserver.tls.Certificates.key;

import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.Tls;

/** Contexts made of a certificate and a key, in files that are right and files that are not. */
class LoadCertChainTest {
  private static final ECPrivateKey SERVER_KEY = (ECPrivateKey) key(SERVER);

  /** Made once: finding two primes takes a second without the JVM's second compiler. */
  private static final X509Bundle RSA = Certificates.server(Algorithm.rsa2048);

  @TempDir Path folder;

  private static X509Bundle server(Algorithm algorithm) {
    return algorithm == Algorithm.rsa2048 ? RSA : Certificates.server(algorithm);
  }

  private Path file(String name, String text) {
    return Pem.write(folder.resolve(name), text);
  }

  private Path certfile() {
    return file("server.crt", Pem.certificates(chain(SERVER)));
  }

  private Path keyfile() {
    return file("server.key", Pem.pkcs8(SERVER_KEY));
  }

  private SSLContext client() throws IOException {
    return Tls.createDefaultContext(
        file("ca.crt", Pem.certificate(AUTHORITY.getRootCertificate())));
  }

  /** Does a handshake with the context as the server's and returns what the client was shown. */
  private Certificate[] shown(SSLContext server) throws IOException {
    return new EnginePair(client(), server).handshake().client.getSession().getPeerCertificates();
  }

  private void serves(SSLContext server) throws IOException {
    assertArrayEquals(chain(SERVER).toArray(), shown(server));
  }

  private static IOException fails(ThrowingLoad load, String... parts) {
    IOException e = assertThrows(IOException.class, load::run);
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), () -> "no '" + part + "' in: " + e.getMessage());
    }
    return e;
  }

  interface ThrowingLoad {
    void run() throws IOException;
  }

  @Test
  void aCertificateAndItsKeyMakeAServer() throws IOException {
    serves(Tls.loadCertChain(certfile(), keyfile()));
  }

  @Test
  void oneFileMayHoldBothInEitherOrder() throws IOException {
    String chain = Pem.certificates(chain(SERVER));
    String key = Pem.pkcs8(SERVER_KEY);
    serves(Tls.loadCertChain(file("first.pem", chain + key)));
    serves(Tls.loadCertChain(file("last.pem", key + chain)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Algorithm.class,
      names = {"ecp256", "ecp384", "rsa2048", "ed25519"})
  void keysOfEachKindServe(Algorithm algorithm) throws IOException {
    X509Bundle server = server(algorithm);
    Path certfile = file("server.crt", Pem.certificates(chain(server)));
    Path keyfile = file("server.key", Pem.pkcs8(key(server)));
    assertArrayEquals(chain(server).toArray(), shown(Tls.loadCertChain(certfile, keyfile)));
  }

  @Test
  void anRsaKeyMayBeOfTheOldKind() throws IOException {
    Path certfile = file("server.crt", Pem.certificates(chain(RSA)));
    Path keyfile = file("server.key", Pem.pkcs1((RSAPrivateCrtKey) key(RSA)));
    assertArrayEquals(chain(RSA).toArray(), shown(Tls.loadCertChain(certfile, keyfile)));
  }

  @Test
  void anEllipticCurveKeyMayBeOfTheOldKind() throws IOException {
    // openssl ecparam -genkey writes the curve in front of it, in a block of its own
    String parameters = Pem.block("EC PARAMETERS", new byte[] {0x06, 0x00});
    serves(Tls.loadCertChain(certfile(), file("old.key", Pem.sec1(SERVER_KEY, true))));
    serves(Tls.loadCertChain(certfile(), file("new.key", parameters + Pem.sec1(SERVER_KEY, true))));
  }

  @Test
  void anOldEllipticCurveKeyWithoutACurveIsRefused() {
    Path keyfile = file("server.key", Pem.sec1(SERVER_KEY, false));
    fails(() -> Tls.loadCertChain(certfile(), keyfile), "server.key", "does not name its curve");
  }

  @Test
  void anEncryptedKeyNeedsItsPassword() throws IOException {
    Path keyfile = file("server.key", Pem.encrypted(SERVER_KEY, "secret"));
    char[] password = "secret".toCharArray();
    serves(Tls.loadCertChain(certfile(), keyfile, password));
    assertEquals("secret", new String(password), "the password is the caller's to overwrite");
    fails(
        () -> Tls.loadCertChain(certfile(), keyfile),
        keyfile.toString(),
        "encrypted",
        "give its password");
  }

  @Test
  void oneFileMayHoldTheCertificateAndAnEncryptedKey() throws IOException {
    String text = Pem.certificates(chain(SERVER)) + Pem.encrypted(SERVER_KEY, "secret");
    serves(Tls.loadCertChain(file("both.pem", text), "secret".toCharArray()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Secret", "secret ", "something else"})
  void aWrongPasswordIsSaidToBeWrong(String password) {
    Path keyfile = file("server.key", Pem.encrypted(SERVER_KEY, "secret"));
    fails(
        () -> Tls.loadCertChain(certfile(), keyfile, password.toCharArray()),
        "wrong password",
        keyfile.toString());
  }

  @Test
  void aPasswordBeyondAsciiIsRefusedAsAPassword() {
    // Java 17 takes none at all, later ones find that it is wrong
    Path keyfile = file("server.key", Pem.encrypted(SERVER_KEY, "secret"));
    fails(
        () -> Tls.loadCertChain(certfile(), keyfile, "пароль".toCharArray()),
        "password",
        keyfile.toString());
  }

  @Test
  void aPasswordThatNothingNeedsIsNotUsed() throws IOException {
    serves(Tls.loadCertChain(certfile(), keyfile(), "superfluous".toCharArray()));
    Path old = file("old.key", Pem.sec1(SERVER_KEY, true));
    serves(Tls.loadCertChain(certfile(), old, "superfluous".toCharArray()));
  }

  @Test
  void anOldEncryptedKeyIsRefusedWithTheWayOut() {
    String key =
        Pem.sec1(SERVER_KEY, true)
            .replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00FF\n\n");
    fails(
        () -> Tls.loadCertChain(certfile(), file("server.key", key), "secret".toCharArray()),
        "server.key",
        "openssl pkcs8 -topk8");
  }

  @Test
  void aKeyOfAKindThatTlsDoesNotKnowIsRefused() throws GeneralSecurityException {
    Path openssh = file("id", Pem.block("OPENSSH PRIVATE KEY", new byte[100]));
    fails(() -> Tls.loadCertChain(certfile(), openssh), openssh.toString(), "OPENSSH PRIVATE KEY");
    byte[] info = {0x30, 0x0c, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0};
    Path x25519 = file("x25519.key", Pem.block("PRIVATE KEY", info));
    fails(() -> Tls.loadCertChain(certfile(), x25519), x25519.toString(), "2b656e");
    PrivateKey key = KeyPairGenerator.getInstance("DSA").generateKeyPair().getPrivate();
    Path dsa = file("dsa.key", Pem.pkcs8(key));
    fails(() -> Tls.loadCertChain(certfile(), dsa), dsa.toString(), "2a8648ce380401");
  }

  @Test
  void textAroundTheBlocksIsSkipped() throws IOException {
    serves(
        Tls.loadCertChain(
            file(
                "server.pem",
                "\ufeffBag Attributes\n    friendlyName: server\nsubject=CN = localhost\n\n"
                    + Pem.certificates(chain(SERVER))
                    + "\nKey Attributes: <No Attributes>\n# the key\n"
                    + Pem.pkcs8(SERVER_KEY)
                    + "\nthe end, without a line's end")));
  }

  @Test
  void linesMayEndInAnyWayAndInBlanks() throws IOException {
    String text = Pem.certificates(chain(SERVER)) + Pem.pkcs8(SERVER_KEY);
    serves(Tls.loadCertChain(file("windows.pem", text.replace("\n", "\r\n"))));
    serves(Tls.loadCertChain(file("mac.pem", text.replace("\n", "\r"))));
    serves(Tls.loadCertChain(file("blanks.pem", text.replace("\n", " \t\n"))));
    serves(Tls.loadCertChain(file("unended.pem", text.substring(0, text.length() - 1))));
  }

  @Test
  void certificatesThatAreNotOfTheChainAreNotSent() throws IOException {
    List<X509Certificate> certificates = new ArrayList<>(chain(SERVER));
    certificates.add(1, Certificates.OTHER_AUTHORITY.getCertificate());
    certificates.add(SERVER.getCertificate());
    Path certfile = file("server.crt", Pem.certificates(certificates));
    serves(Tls.loadCertChain(certfile, keyfile()));
  }

  @Test
  void issuersMayComeInAnyOrder() throws IOException {
    List<X509Certificate> certificates = new ArrayList<>(List.of(SERVER.getCertificate()));
    certificates.add(AUTHORITY.getCertificate());
    certificates.add(INTERMEDIATE.getCertificate());
    Path certfile = file("server.crt", Pem.certificates(certificates));
    Collections.swap(certificates, 1, 2);
    assertArrayEquals(certificates.toArray(), shown(Tls.loadCertChain(certfile, keyfile())));
  }

  @Test
  void withoutItsIntermediateTheServerIsNotTrusted() throws IOException {
    Path certfile = file("server.crt", Pem.certificate(SERVER.getCertificate()));
    SSLContext server = Tls.loadCertChain(certfile, keyfile());
    assertThrows(SSLHandshakeException.class, () -> shown(server));
  }

  @Test
  void aKeyThatIsNotTheCertificatesIsRefused() {
    Path keyfile = file("client.key", Pem.pkcs8(key(Certificates.CLIENT)));
    fails(
        () -> Tls.loadCertChain(certfile(), keyfile),
        keyfile.toString(),
        "does not belong",
        certfile().toString(),
        "CN=localhost");
  }

  @ParameterizedTest
  @EnumSource(
      value = Algorithm.class,
      names = {"ecp384", "rsa2048", "ed25519"})
  void aKeyOfAnotherKindThanTheCertificatesIsRefused(Algorithm algorithm) {
    X509Bundle other = server(algorithm);
    Path othercert = file("other.crt", Pem.certificates(chain(other)));
    Path otherkey = file("other.key", Pem.pkcs8(key(other)));
    fails(() -> Tls.loadCertChain(certfile(), otherkey), "does not belong");
    fails(() -> Tls.loadCertChain(othercert, keyfile()), "does not belong");
  }

  @Test
  void anRsaKeyOfAnotherCertificateIsRefused() {
    X509Bundle other = Certificates.server(Algorithm.rsa2048);
    Path certfile = file("one.crt", Pem.certificates(chain(RSA)));
    Path keyfile = file("two.key", Pem.pkcs8(key(other)));
    fails(() -> Tls.loadCertChain(certfile, keyfile), "does not belong");
  }

  @Test
  void aChainThatBeginsAtTheWrongEndIsSaidToBeSo() {
    List<X509Certificate> certificates = new ArrayList<>(chain(SERVER));
    Collections.reverse(certificates);
    Path certfile = file("server.crt", Pem.certificates(certificates));
    fails(() -> Tls.loadCertChain(certfile, keyfile()), "server.crt", "put that first");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = folder.resolve("missing.pem");
    IOException certificate = fails(() -> Tls.loadCertChain(missing, keyfile()), "missing.pem");
    assertEquals(NoSuchFileException.class, certificate.getClass());
    fails(() -> Tls.loadCertChain(certfile(), missing), "missing.pem: no such file");
    fails(() -> Tls.createDefaultContext(missing), "missing.pem: no such file");
  }

  @Test
  void aFolderIsNoPemFile() {
    fails(() -> Tls.loadCertChain(folder, keyfile()), "cannot read", folder.toString());
  }

  @Test
  void aFileOfTheWrongKindIsSaidToBeSo() throws IOException {
    fails(() -> Tls.loadCertChain(keyfile(), keyfile()), "no certificate in", "server.key");
    fails(
        () -> Tls.loadCertChain(certfile(), certfile()),
        "no private key in",
        "server.crt",
        "it has CERTIFICATE");
    fails(() -> Tls.loadCertChain(file("empty", "")), "no PEM block in", "empty");
    fails(() -> Tls.loadCertChain(file("notes.txt", "hello\n")), "no PEM block in", "notes.txt");
    Path der = folder.resolve("server.der");
    Files.write(der, SERVER_KEY.getEncoded());
    fails(() -> Tls.loadCertChain(certfile(), der), "server.der", "DER");
  }

  @Test
  void aFileThatIsTooLongIsNotReadWhole() throws IOException {
    Path long_ = folder.resolve("long.pem");
    Files.write(long_, new byte[(4 << 20) + 1]);
    fails(() -> Tls.loadCertChain(long_), "long.pem", "longer than 4194304 bytes");
  }

  @Test
  void aBrokenBlockIsNamedWithItsLine() {
    String chain = Pem.certificates(chain(SERVER));
    fails(
        () -> Tls.loadCertChain(file("cut.pem", "\n" + chain.substring(0, 200))),
        "broken CERTIFICATE block at line 2 of",
        "cut.pem",
        "no END line");
    fails(
        () -> Tls.loadCertChain(file("text.pem", chain.replaceFirst("\nMI", "\n**"))),
        "broken CERTIFICATE block at line 1 of",
        "text.pem",
        "not base64");
    fails(
        () -> Tls.loadCertChain(file("other.pem", chain.replaceFirst("END CERT", "END CUT"))),
        "other.pem",
        "ends another block");
    fails(
        () -> Tls.loadCertChain(file("twice.pem", chain.replaceFirst("-----END.*\n", ""))),
        "twice.pem",
        "begins another block");
    fails(
        () -> Tls.loadCertChain(file("dashes.pem", chain.replaceFirst("CERTIFICATE-----", "C"))),
        "broken PEM line 1 in",
        "dashes.pem");
    fails(
        () -> Tls.loadCertChain(file("noise.pem", Pem.block("CERTIFICATE", new byte[50]))),
        "cannot decode certificate 1 in",
        "noise.pem");
    fails(
        () ->
            Tls.loadCertChain(
                certfile(), file("noise.key", Pem.block("PRIVATE KEY", new byte[50]))),
        "cannot decode the private key in",
        "noise.key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"})
  void aKeyThatIsCutOffAnywhereIsRefused(String label) {
    byte[] whole =
        label.equals("PRIVATE KEY") ? SERVER_KEY.getEncoded() : decode(Pem.sec1(SERVER_KEY, true));
    for (int length = 0; length < whole.length; length++) {
      Path cut = file("cut.key", Pem.block(label, java.util.Arrays.copyOf(whole, length)));
      fails(() -> Tls.loadCertChain(certfile(), cut), "cut.key");
    }
  }

  private static byte[] decode(String pem) {
    return java.util.Base64.getMimeDecoder()
        .decode(pem.replaceAll("-----.*-----", "").getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void noErrorQuotesTheKey() {
    String key = Pem.pkcs8(SERVER_KEY);
    String secret = key.lines().skip(1).findFirst().orElseThrow().substring(8, 40);
    String broken = key.replace(secret, secret + "\u00e9");
    IOException e =
        fails(() -> Tls.loadCertChain(certfile(), file("server.key", broken)), "not base64");
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace, true));
    assertFalse(trace.toString().contains(secret), "the trace quotes the key");
    assertFalse(trace.toString().contains(secret.substring(0, 8)), "the trace quotes the key");
  }

  @Test
  void nullIsRefusedByName() {
    assertEquals(
        "certfile is null",
        assertThrows(NullPointerException.class, () -> Tls.loadCertChain(null, keyfile()))
            .getMessage());
    assertEquals(
        "keyfile is null",
        assertThrows(NullPointerException.class, () -> Tls.loadCertChain(certfile(), null, null))
            .getMessage());
    assertEquals(
        "cafile is null",
        assertThrows(NullPointerException.class, () -> Tls.createDefaultContext(null))
            .getMessage());
  }
}
