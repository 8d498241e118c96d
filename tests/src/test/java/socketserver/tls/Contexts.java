package socketserver.tls;

import static socketserver.tls.Certificates.AUTHORITY;
import static socketserver.tls.Certificates.chain;
import static socketserver.tls.Certificates.key;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import socketserver.Tls;

/** The contexts of the TLS tests, made as an application makes them: of PEM files. */
public final class Contexts {
  /** Shows the certificate of localhost, asks for none. */
  public static final SSLContext SERVER = server(Certificates.SERVER);

  /** Trusts the authority, shows no certificate. */
  public static final SSLContext CLIENT = client();

  /** Shows the certificate of localhost and asks for one of the authority's. */
  static final SSLContext ASKING_SERVER = mutual(Certificates.SERVER);

  /** A client that has a certificate of the authority's. */
  static final SSLContext ALICE = mutual(Certificates.CLIENT);

  /** A client with a certificate of somebody else's. */
  static final SSLContext MALLORY = mutual(Certificates.STRANGER);

  private Contexts() {}

  static SSLContext server(X509Bundle bundle) {
    return withFiles(bundle, (authority, both) -> Tls.loadCertChain(both));
  }

  /** As {@link #CLIENT}, but one that knows no session of anybody's. */
  static SSLContext client() {
    return withFiles(Certificates.CLIENT, (authority, both) -> Tls.createDefaultContext(authority));
  }

  private static SSLContext mutual(X509Bundle bundle) {
    return withFiles(bundle, (authority, both) -> Tls.createDefaultContext(authority, both, both));
  }

  /** Writes the authority's certificate, and a file that holds the chain and the key. */
  private static SSLContext withFiles(X509Bundle bundle, Making making) {
    try {
      Path folder = Files.createTempDirectory("tls");
      Path authority = folder.resolve("ca.crt");
      Path both = folder.resolve("own.pem");
      try {
        Pem.write(authority, Pem.certificate(AUTHORITY.getRootCertificate()));
        Pem.write(both, Pem.certificates(chain(bundle)) + Pem.pkcs8(key(bundle)));
        return making.make(authority, both);
      } finally {
        Files.deleteIfExists(authority);
        Files.deleteIfExists(both);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Making {
    SSLContext make(Path authority, Path both) throws IOException;
  }
}
