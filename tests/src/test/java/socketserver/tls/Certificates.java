package socketserver.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Assertions;

/**
 * The authority of the TLS tests and what it issued, made once for a run. The server's certificate
 * is for {@code localhost} and 127.0.0.1 and comes from an intermediate authority.
 */
final class Certificates {
  static final X509Bundle AUTHORITY = authority("CN=test authority");
  static final X509Bundle OTHER_AUTHORITY = authority("CN=other authority");
  static final X509Bundle INTERMEDIATE = intermediate();
  static final X509Bundle SERVER = server(CertificateBuilder.Algorithm.ecp256);
  static final X509Bundle CLIENT = client("CN=alice", AUTHORITY);
  static final X509Bundle STRANGER = client("CN=mallory", OTHER_AUTHORITY);

  private Certificates() {}

  static X509Bundle server(CertificateBuilder.Algorithm algorithm) {
    return build(
        builder("CN=localhost")
            .algorithm(algorithm)
            .addSanDnsName("localhost")
            .addSanIpAddress("127.0.0.1")
            .addExtendedKeyUsageServerAuth(),
        INTERMEDIATE);
  }

  /** A certificate for another host than the one that the tests connect to. */
  static X509Bundle elsewhere() {
    return host("elsewhere.example");
  }

  /** A certificate for a host. */
  static X509Bundle host(String name) {
    return build(
        builder("CN=" + name).addSanDnsName(name).addExtendedKeyUsageServerAuth(), AUTHORITY);
  }

  private static X509Bundle client(String subject, X509Bundle issuer) {
    return build(builder(subject).addExtendedKeyUsageClientAuth(), issuer);
  }

  private static X509Bundle intermediate() {
    return build(builder("CN=intermediate authority").setIsCertificateAuthority(true), AUTHORITY);
  }

  private static X509Bundle authority(String subject) {
    return build(builder(subject).setIsCertificateAuthority(true), null);
  }

  private static CertificateBuilder builder(String subject) {
    return new CertificateBuilder().ecp256().subject(subject);
  }

  private static X509Bundle build(CertificateBuilder builder, X509Bundle issuer) {
    try {
      return issuer == null ? builder.buildSelfSigned() : builder.buildIssuedBy(issuer);
    } catch (Exception e) {
      return Assertions.fail("cannot make a certificate", e);
    }
  }

  static PrivateKey key(X509Bundle bundle) {
    return bundle.getKeyPair().getPrivate();
  }

  /** The chain that is shown: the certificate and its intermediates, without the root. */
  static List<X509Certificate> chain(X509Bundle bundle) {
    return bundle.getCertificatePathList();
  }
}
