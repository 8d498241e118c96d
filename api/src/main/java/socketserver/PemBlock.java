package socketserver;

/**
 * One block of a PEM file (RFC 7468): the word of its BEGIN line, and what the base64 stood for.
 *
 * @param label what it is, such as {@code CERTIFICATE}
 * @param der the bytes; empty if the old kind of encryption, in header lines, hides them
 * @param encrypted true if it is hidden so
 */
record PemBlock(String label, byte[] der, boolean encrypted) {
  boolean isCertificate() {
    return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE");
  }

  boolean isPrivateKey() {
    return label.endsWith("PRIVATE KEY");
  }
}
