package socketserver;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Chooses a server's certificate by the name that the client asks for (SNI, RFC 6066). An alias is
 * a name and the version of its {@link ServerIdentity}, so that a handshake gets the key of the
 * certificate that it was given before.
 */
final class ServerKeyManager extends X509ExtendedKeyManager {
  /** The name of what clients get that ask for no name, or for another. */
  private static final String OTHERS = "";

  /** By names in lower case; not changed any more. */
  private final Map<String, ServerIdentity> identities;

  ServerKeyManager(ServerIdentity others, Map<String, ServerIdentity> named) {
    identities = new TreeMap<>(named);
    identities.put(OTHERS, others);
  }

  /** The name of the identity for a host: its own, one for all of its domain, or that of others. */
  private String nameFor(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (identities.containsKey(name)) {
      return name;
    }
    int dot = name.indexOf('.');
    String domain = dot < 0 ? OTHERS : "*" + name.substring(dot);
    return identities.containsKey(domain) ? domain : OTHERS;
  }

  private String requestedName(SSLSession session) {
    if (session instanceof ExtendedSSLSession extended) {
      for (SNIServerName name : extended.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          return nameFor(host.getAsciiName());
        }
      }
    }
    return OTHERS;
  }

  @Override
  public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
    String name = requestedName(engine.getHandshakeSession());
    ServerIdentity identity = identities.get(name);
    int version = identity.newest();
    X509ExtendedKeyManager keys = identity.keys(version);
    String within = keys == null ? null : keys.chooseEngineServerAlias(keyType, issuers, engine);
    // without one its key is of another type
    return within == null ? null : new Alias(version, name, within).toString();
  }

  /**
   * What a handshake has chosen.
   *
   * @param version of the identity
   * @param name of the identity, which has no blank
   * @param within its alias there
   */
  private record Alias(int version, String name, String within) {
    static Alias of(String text) {
      String[] parts = text.split(" ", 3);
      return new Alias(Integer.parseInt(parts[0]), parts[1], parts[2]);
    }

    @Override
    public String toString() {
      return version + " " + name + " " + within;
    }
  }

  @Override
  public X509Certificate[] getCertificateChain(String text) {
    Alias alias = Alias.of(text);
    X509ExtendedKeyManager keys = identities.get(alias.name()).keys(alias.version());
    return keys == null ? null : keys.getCertificateChain(alias.within());
  }

  @Override
  public PrivateKey getPrivateKey(String text) {
    Alias alias = Alias.of(text);
    X509ExtendedKeyManager keys = identities.get(alias.name()).keys(alias.version());
    return keys == null ? null : keys.getPrivateKey(alias.within());
  }

  // What engines of servers do not ask for

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    return null;
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return null;
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return null;
  }

  @Override
  public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
    return null;
  }
}
