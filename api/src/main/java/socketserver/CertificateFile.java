package socketserver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.List;

/** The certificates of a PEM file, in its order. */
final class CertificateFile {
  private final Path file;
  private final List<X509Certificate> certificates = new ArrayList<>();

  /**
   * Reads the certificates. Other blocks are skipped.
   *
   * @throws IOException if the file cannot be read, there is none, or one is broken; the message
   *     names the file
   */
  CertificateFile(Path file) throws IOException {
    this.file = file;
    for (PemBlock block : PemFile.read(file)) {
      if (block.isCertificate()) {
        certificates.add(decode(block));
      }
    }
    if (certificates.isEmpty()) {
      throw new IOException("no certificate in " + file);
    }
  }

  private X509Certificate decode(PemBlock block) throws IOException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.der()));
    } catch (CertificateException e) {
      int number = certificates.size() + 1;
      throw new IOException(
          "cannot decode certificate " + number + " in " + file + ": " + e.getMessage(), e);
    }
  }

  List<X509Certificate> certificates() {
    return certificates;
  }

  /**
   * Returns the chain that a key's owner shows: the first certificate, its issuer's and so on.
   * Certificates that do not belong to it are left out.
   *
   * @param key the private key
   * @param keyfile where it is from
   * @throws IOException if the key is not the first certificate's; the message names both files
   */
  X509Certificate[] chain(PrivateKey key, Path keyfile) throws IOException {
    X509Certificate owner = certificates.get(0);
    if (!belong(key, owner.getPublicKey())) {
      boolean later = certificates.stream().anyMatch(c -> belong(key, c.getPublicKey()));
      throw new IOException(
          "the private key in "
              + keyfile
              + " does not belong to the first certificate in "
              + file
              + " ("
              + owner.getSubjectX500Principal()
              + ")"
              + (later ? ", but to a later one: put that first" : ""));
    }
    List<X509Certificate> chain = new ArrayList<>(List.of(owner));
    for (X509Certificate next = issuer(owner, chain); next != null; next = issuer(next, chain)) {
      chain.add(next);
    }
    return chain.toArray(X509Certificate[]::new);
  }

  private X509Certificate issuer(X509Certificate certificate, List<X509Certificate> chain) {
    for (X509Certificate candidate : certificates) {
      if (candidate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
          && !chain.contains(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private static boolean belong(PrivateKey key, PublicKey certified) {
    if (key instanceof RSAKey rsa) {
      return certified instanceof RSAKey other && rsa.getModulus().equals(other.getModulus());
    }
    // no other private key tells its public one; what it signs does
    byte[] text = {'s', 'a', 'm', 'e'};
    try {
      Signature signature =
          Signature.getInstance(key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "EdDSA");
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      // of another algorithm or curve
      return false;
    }
  }
}
