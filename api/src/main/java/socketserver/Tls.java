package socketserver;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Makes the contexts that {@link StreamSocket#startTls(SSLContext)} takes from PEM files, in one
 * call each. Any other {@link SSLContext} will do too; {@link SSLContext#getDefault()} is a
 * client's that trusts the certificates that Java comes with.
 *
 * <pre>{@code
 * static final SSLContext CONTEXT = Tls.loadCertChain(Path.of("server.crt"), Path.of("server.key"));
 *
 * @Override public void setup() throws Exception {
 *   request.startTls(CONTEXT);
 *   super.setup();
 * }
 * }</pre>
 *
 * <p>A file may hold several blocks and text around them. Certificates are X.509. Keys are RSA,
 * RSASSA-PSS, elliptic curve or Ed25519, in PKCS#8 ({@code PRIVATE KEY}, {@code ENCRYPTED PRIVATE
 * KEY}), or as OpenSSL wrote them before ({@code RSA PRIVATE KEY}, {@code EC PRIVATE KEY}). The
 * files are read when a method is called, and not again; {@link ServerContext} reads them when they
 * change. Every error is an {@link IOException} that names the file.
 *
 * <p>The contexts keep Java's settings: TLS 1.2 and 1.3, and the ciphers that the installation
 * allows.
 */
public final class Tls {
  /** A key store in memory wants a password, though it never leaves it. */
  private static final char[] NO_PASSWORD = {};

  private Tls() {}

  /**
   * Makes a server's context from one file that holds the certificate, its chain and the private
   * key (Python: {@code context.load_cert_chain(certfile)}).
   *
   * @param certfile the server's certificate first, then those of its issuers; the key anywhere
   * @return the context
   * @throws IOException as {@link #loadCertChain(Path, Path, char[])}
   */
  public static SSLContext loadCertChain(Path certfile) throws IOException {
    return loadCertChain(certfile, certfile, null);
  }

  /**
   * Makes a server's context from one file of which the key is encrypted (Python: {@code
   * context.load_cert_chain(certfile, password=password)}).
   *
   * @param certfile the server's certificate first, then those of its issuers; the key anywhere
   * @param password the key's password; it is not kept
   * @return the context
   * @throws IOException as {@link #loadCertChain(Path, Path, char[])}
   */
  public static SSLContext loadCertChain(Path certfile, char[] password) throws IOException {
    return loadCertChain(certfile, certfile, password);
  }

  /**
   * Makes a server's context from a certificate and its key (Python: {@code
   * context.load_cert_chain(certfile, keyfile)}).
   *
   * @param certfile the server's certificate first, then those of its issuers
   * @param keyfile the private key
   * @return the context
   * @throws IOException as {@link #loadCertChain(Path, Path, char[])}
   */
  public static SSLContext loadCertChain(Path certfile, Path keyfile) throws IOException {
    return loadCertChain(certfile, keyfile, null);
  }

  /**
   * Makes a server's context from a certificate and its encrypted key (Python: {@code
   * context.load_cert_chain(certfile, keyfile, password)}).
   *
   * <p>It asks for no client certificates; {@link #createDefaultContext(Path, Path, Path)} does.
   * Certificates of the file that do not lead from the first one to its issuers are not sent.
   *
   * @param certfile the server's certificate first, then those of its issuers
   * @param keyfile the private key
   * @param password the key's password, in ASCII (Java 17 takes no other); null if it has none, not
   *     used if it needs none. It is not kept: the caller may overwrite it
   * @return the context
   * @throws IOException if a file cannot be read, holds no certificate or key or one that cannot be
   *     decoded, the password is missing or wrong, or the key is not the first certificate's; the
   *     message names the file and never quotes it
   */
  public static SSLContext loadCertChain(Path certfile, Path keyfile, char[] password)
      throws IOException {
    return context(identity(certfile, keyfile, password), null, certfile);
  }

  /**
   * Makes a client's context that trusts the certificates of a file and no others (Python: {@code
   * ssl.create_default_context(cafile=cafile)}).
   *
   * @param cafile the certificates of authorities, or a server's own; in any order
   * @return the context
   * @throws IOException if the file cannot be read, or holds no certificate or one that cannot be
   *     decoded; the message names it
   */
  public static SSLContext createDefaultContext(Path cafile) throws IOException {
    return context(null, trusted(cafile), cafile);
  }

  /**
   * Makes a context for both ends to identify themselves (Python: {@code
   * ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=cafile)}, {@code load_cert_chain}
   * and {@code verify_mode = ssl.CERT_REQUIRED}).
   *
   * @param cafile the certificates of the authorities that the peer's certificate must be from
   * @param certfile the own certificate first, then those of its issuers
   * @param keyfile the own private key
   * @return the context
   * @throws IOException as {@link #createDefaultContext(Path, Path, Path, char[])}
   */
  public static SSLContext createDefaultContext(Path cafile, Path certfile, Path keyfile)
      throws IOException {
    return createDefaultContext(cafile, certfile, keyfile, null);
  }

  /**
   * Makes a context for both ends to identify themselves, with an encrypted key.
   *
   * <p>A server with it asks every client for a certificate and refuses one that has none from
   * these authorities; {@link StreamSocket#tlsSession()} then tells who it is. A client with it
   * shows its certificate where it is asked. A server that can do without (Python: {@code
   * CERT_OPTIONAL}) says so for each connection, with {@link
   * javax.net.ssl.SSLParameters#setWantClientAuth}.
   *
   * @param cafile the certificates of the authorities that the peer's certificate must be from
   * @param certfile the own certificate first, then those of its issuers
   * @param keyfile the own private key; the same file if it holds both
   * @param password the key's password; null if it has none
   * @return the context
   * @throws IOException as {@link #loadCertChain(Path, Path, char[])}, for each of the files
   */
  public static SSLContext createDefaultContext(
      Path cafile, Path certfile, Path keyfile, char[] password) throws IOException {
    TrustManager[] trusted = trusted(cafile);
    return new StrictContext(
        context(identity(certfile, keyfile, password), trusted, certfile),
        StrictContext.Rules.CLIENT_CERTIFICATES);
  }

  static KeyManager[] identity(Path certfile, Path keyfile, char[] password) throws IOException {
    Objects.requireNonNull(certfile, "certfile is null");
    Objects.requireNonNull(keyfile, "keyfile is null");
    CertificateFile certificates = new CertificateFile(certfile);
    PrivateKey key = PrivateKeyFile.read(keyfile, password);
    try {
      X509Certificate[] chain = certificates.chain(key, keyfile);
      KeyStore store = emptyStore();
      store.setKeyEntry("identity", key, NO_PASSWORD, chain);
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, NO_PASSWORD);
      return factory.getKeyManagers();
    } catch (GeneralSecurityException e) {
      throw unusable(certfile, e);
    }
  }

  static TrustManager[] trusted(Path cafile) throws IOException {
    Objects.requireNonNull(cafile, "cafile is null");
    try {
      KeyStore store = emptyStore();
      int number = 0;
      for (X509Certificate certificate : new CertificateFile(cafile).certificates()) {
        store.setCertificateEntry("authority-" + ++number, certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException e) {
      throw unusable(cafile, e);
    }
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  static SSLContext context(KeyManager[] identity, TrustManager[] trusted, Path file)
      throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(identity, trusted, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw unusable(file, e);
    }
  }

  private static IOException unusable(Path file, GeneralSecurityException e) {
    return new IOException("cannot use " + file + " for TLS: " + e.getMessage(), e);
  }
}
