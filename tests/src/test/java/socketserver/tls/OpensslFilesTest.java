package socketserver.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import socketserver.Tls;

/** Contexts of the files that openssl writes, with each of the ways in which it writes keys. */
class OpensslFilesTest {
  private static final char[] SECRET = "secret".toCharArray();

  @TempDir static Path folder;

  @BeforeAll
  static void opensslIsThere() {
    Programs.assumeThereIs("openssl");
  }

  private static void openssl(String arguments) throws IOException, InterruptedException {
    Programs.run(folder, "", ("openssl " + arguments).split(" "));
  }

  private static void certify(String name) throws IOException, InterruptedException {
    openssl(
        "req -new -x509 -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
            + " -key "
            + name
            + ".key -out "
            + name
            + ".crt");
  }

  private static void serves(SSLContext context, String name) throws IOException {
    SSLContext client = Tls.createDefaultContext(folder.resolve(name + ".crt"));
    EnginePair pair = new EnginePair(client, context).handshake();
    X509Certificate shown = (X509Certificate) pair.client.getSession().getPeerCertificates()[0];
    assertEquals("CN=localhost", shown.getSubjectX500Principal().getName());
  }

  private static void serves(String name, String key) throws IOException {
    serves(
        Tls.loadCertChain(folder.resolve(name + ".crt"), folder.resolve(key), SECRET.clone()),
        name);
  }

  @ParameterizedTest
  @CsvSource({
    "rsa, genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072",
    "pss, genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048",
    "p256, ecparam -name prime256v1 -genkey",
    "p521, genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521",
    "ed25519, genpkey -algorithm ED25519",
    "ed448, genpkey -algorithm ED448"
  })
  void keysOfEachKindServe(String name, String generation)
      throws IOException, InterruptedException {
    openssl(generation + " -out " + name + ".key");
    certify(name);
    serves(name, name + ".key");
  }

  @Test
  void keysInEachFormServe() throws IOException, InterruptedException {
    openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.key");
    certify("key");
    openssl("rsa -traditional -in key.key -out pkcs1.key");
    serves("key", "pkcs1.key");
    openssl("pkcs8 -topk8 -in key.key -out default.key -passout pass:secret");
    serves("key", "default.key");
    openssl("pkcs8 -topk8 -v2 aes128 -in key.key -out aes128.key -passout pass:secret");
    serves("key", "aes128.key");
    openssl(
        "pkcs8 -topk8 -v2 aes256 -v2prf hmacWithSHA512 -in key.key -out sha512.key"
            + " -passout pass:secret");
    serves("key", "sha512.key");
    openssl("pkcs8 -topk8 -v1 PBE-SHA1-3DES -in key.key -out v1.key -passout pass:secret");
    serves("key", "v1.key");
  }

  @Test
  void encryptionsThatJavaLacksAreNamedWithTheWayOut() throws IOException, InterruptedException {
    openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out plain.key");
    certify("plain");
    openssl("pkcs8 -topk8 -scrypt -in plain.key -out scrypt.key -passout pass:secret");
    openssl("rsa -traditional -aes128 -in plain.key -out legacy.key -passout pass:secret");
    for (String key : new String[] {"scrypt.key", "legacy.key"}) {
      IOException e = assertThrows(IOException.class, () -> serves("plain", key));
      assertTrue(e.getMessage().contains(key), e.getMessage());
      assertTrue(e.getMessage().contains("convert it with openssl pkcs8 -topk8"), e.getMessage());
    }
  }

  @Test
  void rsaKeysOfThreePrimesAreRefused() throws IOException, InterruptedException {
    openssl("genrsa -primes 3 -out pkcs8.key 2048");
    certify("pkcs8");
    openssl("rsa -traditional -in pkcs8.key -out pkcs1.key");
    for (String key : new String[] {"pkcs8.key", "pkcs1.key"}) {
      IOException e = assertThrows(IOException.class, () -> serves("pkcs8", key));
      assertTrue(e.getMessage().contains("cannot decode the private key in"), e.getMessage());
      assertTrue(e.getMessage().contains(key), e.getMessage());
    }
  }

  @Test
  void whatPkcs12UnpacksToServes() throws IOException, InterruptedException {
    openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out bag.key");
    certify("bag");
    openssl("pkcs12 -export -in bag.crt -inkey bag.key -out bag.p12 -passout pass:secret");
    openssl("pkcs12 -in bag.p12 -nodes -out bag.pem -passin pass:secret");
    serves(Tls.loadCertChain(folder.resolve("bag.pem")), "bag");
    IOException e =
        assertThrows(IOException.class, () -> Tls.loadCertChain(folder.resolve("bag.p12")));
    assertTrue(e.getMessage().contains("bag.p12: it is DER"), e.getMessage());
  }

  @Test
  void aCertificateWithItsTextServes() throws IOException, InterruptedException {
    openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out text.key");
    certify("text");
    openssl("x509 -in text.crt -text -out verbose.crt");
    serves(Tls.loadCertChain(folder.resolve("verbose.crt"), folder.resolve("text.key")), "text");
  }
}
