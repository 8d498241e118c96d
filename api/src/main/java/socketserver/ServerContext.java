package socketserver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Makes a server's TLS context that is to run for long: its certificates are read again when their
 * files change, there may be one for each name that clients ask for, and versions and ciphers can
 * be chosen (Python: {@code ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)} and its methods).
 *
 * <pre>{@code
 * static final SSLContext CONTEXT =
 *     new ServerContext(Path.of("server.crt"), Path.of("server.key"))
 *         .serverName("shop.example.org", Path.of("shop.crt"), Path.of("shop.key"))
 *         .minimumVersion("TLSv1.3")
 *         .build();
 * }</pre>
 *
 * <p>Whoever shakes hands looks at the files, once a second at most. A pair of files that cannot be
 * used, for instance while the first of the two has been replaced and the second has not, changes
 * nothing, and is a WARN once. Connections that exist keep what they have, and so do sessions that
 * clients resume.
 *
 * <p>A builder is used by one thread; the context by any.
 */
public final class ServerContext {
  /** From the oldest that a JDK of today still speaks to the newest. */
  private static final List<String> VERSIONS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

  private final Path certfile;
  private final ServerIdentity others;
  private final Map<String, ServerIdentity> named = new TreeMap<>();
  private TrustManager[] trusted;
  private String minimumVersion;
  private List<String> ciphers;

  /**
   * Begins with the certificate for clients that ask for no name, or for one that has none of its
   * own (Python: {@code context.load_cert_chain(certfile, keyfile)}).
   *
   * @param certfile the server's certificate first, then those of its issuers
   * @param keyfile the private key; the same file if it holds both
   * @throws IOException as {@link Tls#loadCertChain(Path, Path, char[])}
   */
  public ServerContext(Path certfile, Path keyfile) throws IOException {
    this(certfile, keyfile, null);
  }

  /**
   * As {@link #ServerContext(Path, Path)}, with an encrypted key.
   *
   * @param certfile the server's certificate first, then those of its issuers
   * @param keyfile the private key
   * @param password the key's password, in ASCII; null if it has none. A copy is kept, as the key
   *     is read again when its file changes
   * @throws IOException as {@link Tls#loadCertChain(Path, Path, char[])}
   */
  public ServerContext(Path certfile, Path keyfile, char[] password) throws IOException {
    this.certfile = certfile;
    this.others = new ServerIdentity(certfile, keyfile, password);
  }

  /**
   * Adds a certificate for clients that ask for a name (SNI; Python: {@code sni_callback}).
   *
   * @param name a host's name, in ASCII; {@code *.example.org} stands for all names with one part
   *     before that domain. A second certificate for a name replaces the first
   * @param certfile its certificate first, then those of its issuers
   * @param keyfile its private key
   * @return this
   * @throws IOException as {@link Tls#loadCertChain(Path, Path, char[])}
   * @throws IllegalArgumentException if the name is empty or has a blank in it
   */
  public ServerContext serverName(String name, Path certfile, Path keyfile) throws IOException {
    if (name.isEmpty() || name.indexOf(' ') >= 0) {
      throw new IllegalArgumentException("not a host's name: '" + name + "'");
    }
    named.put(name.toLowerCase(Locale.ROOT), new ServerIdentity(certfile, keyfile, null));
    return this;
  }

  /**
   * Demands a certificate of each client (Python: {@code load_verify_locations(cafile)} and {@code
   * verify_mode = ssl.CERT_REQUIRED}). The file is not read again.
   *
   * @param cafile the certificates of the authorities that clients' certificates must be from
   * @return this
   * @throws IOException as {@link Tls#createDefaultContext(Path)}
   */
  public ServerContext requireClientCertificates(Path cafile) throws IOException {
    trusted = Tls.trusted(cafile);
    return this;
  }

  /**
   * Sets the oldest version of TLS (Python: {@code minimum_version}).
   *
   * @param version {@code TLSv1.2}, which is Java's default, or {@code TLSv1.3}; an older one works
   *     only where the Java installation still allows it
   * @return this
   * @throws IllegalArgumentException if there is no such version
   */
  public ServerContext minimumVersion(String version) {
    if (!VERSIONS.contains(version)) {
      throw new IllegalArgumentException(
          "no such version: " + version + "; use one of " + VERSIONS);
    }
    minimumVersion = version;
    return this;
  }

  /**
   * Sets the cipher suites (Python: {@code set_ciphers}), those of TLS 1.3 included.
   *
   * @param names in order of preference, separated by colons: as OpenSSL names them ({@code
   *     ECDHE-RSA-AES128-GCM-SHA256}) or as Java and IANA do. Groups, such as {@code HIGH}, and
   *     signs, such as {@code !aNULL}, are not understood
   * @return this
   * @throws IllegalArgumentException when the context is built, if this Java does not know one of
   *     them
   */
  public ServerContext setCiphers(String names) {
    ciphers = List.of(Objects.requireNonNull(names, "names are null").split(":"));
    return this;
  }

  /**
   * Makes the context.
   *
   * @return a context for {@link StreamSocket#startTls(SSLContext)} and for engines of servers
   * @throws IOException if this Java has no TLS that can use it
   * @throws IllegalArgumentException if no version is left, or a cipher suite is not known
   */
  public SSLContext build() throws IOException {
    KeyManager[] keys = {new ServerKeyManager(others, named)};
    SSLContext context = Tls.context(keys, trusted, certfile);
    return new StrictContext(
        context, new StrictContext.Rules(trusted != null, protocols(context), suites(context)));
  }

  private String[] protocols(SSLContext context) {
    if (minimumVersion == null) {
      return null;
    }
    List<String> enabled = List.of(context.getDefaultSSLParameters().getProtocols());
    String[] chosen =
        VERSIONS.stream()
            .skip(VERSIONS.indexOf(minimumVersion))
            .filter(version -> enabled.contains(version) || version.equals(minimumVersion))
            .toArray(String[]::new);
    if (!List.of(context.getSupportedSSLParameters().getProtocols()).containsAll(List.of(chosen))) {
      throw new IllegalArgumentException("this Java does not support " + minimumVersion);
    }
    return chosen;
  }

  private String[] suites(SSLContext context) {
    if (ciphers == null) {
      return null;
    }
    String[] supported = context.getSupportedSSLParameters().getCipherSuites();
    List<String> chosen = new ArrayList<>();
    for (String name : ciphers) {
      chosen.add(
          Arrays.stream(supported)
              .filter(suite -> suite.equals(name) || opensslName(suite).equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "no such cipher suite: '"
                              + name
                              + "'; this Java has "
                              + List.of(supported))));
    }
    return chosen.toArray(new String[0]);
  }

  /** How OpenSSL calls a suite of TLS 1.2: without what all have, and with dashes. */
  private static String opensslName(String suite) {
    return suite
        .replaceFirst("^TLS_", "")
        .replaceFirst("^RSA_WITH_", "")
        .replace("_WITH_", "_")
        .replaceAll("AES_(\\d+)", "AES$1")
        .replace("_CBC_", "_")
        .replace("POLY1305_SHA256", "POLY1305")
        .replace('_', '-');
  }
}
