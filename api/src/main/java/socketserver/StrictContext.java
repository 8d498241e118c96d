package socketserver;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * An SSLContext whose engines ask for more than Java's do: for a client's certificate (Python's
 * {@code verify_mode = CERT_REQUIRED}), for certain versions and ciphers. Java has these as
 * properties of the single connection, where they are easily forgotten.
 */
final class StrictContext extends SSLContext {
  /**
   * What engines ask for.
   *
   * @param clientCertificates whether a server refuses a client that shows no certificate
   * @param protocols the versions of TLS; null for Java's
   * @param ciphers the cipher suites, in order of preference; null for Java's
   */
  record Rules(boolean clientCertificates, String[] protocols, String[] ciphers) {
    static final Rules CLIENT_CERTIFICATES = new Rules(true, null, null);

    SSLEngine apply(SSLEngine engine) {
      if (clientCertificates) {
        engine.setNeedClientAuth(true);
      }
      if (protocols != null) {
        engine.setEnabledProtocols(protocols);
      }
      if (ciphers != null) {
        engine.setEnabledCipherSuites(ciphers);
      }
      return engine;
    }

    SSLParameters apply(SSLParameters parameters) {
      if (clientCertificates) {
        parameters.setNeedClientAuth(true);
      }
      if (protocols != null) {
        parameters.setProtocols(protocols);
      }
      if (ciphers != null) {
        parameters.setCipherSuites(ciphers);
      }
      return parameters;
    }
  }

  StrictContext(SSLContext context, Rules rules) {
    super(new Spi(context, rules), context.getProvider(), context.getProtocol());
  }

  private static final class Spi extends SSLContextSpi {
    private final SSLContext context;
    private final Rules rules;

    Spi(SSLContext context, Rules rules) {
      this.context = context;
      this.rules = rules;
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trusted, SecureRandom random)
        throws KeyManagementException {
      context.init(keys, trusted, random);
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return context.getSocketFactory();
    }

    /** Its sockets would not ask: nothing here makes one, and a factory cannot be told. */
    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      throw new UnsupportedOperationException(
          "this context is for StreamSocket.startTls and for engines, not for server sockets");
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return rules.apply(context.createSSLEngine());
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return rules.apply(context.createSSLEngine(host, port));
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return context.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return context.getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      return rules.apply(context.getDefaultSSLParameters());
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      SSLParameters supported = context.getSupportedSSLParameters();
      supported.setNeedClientAuth(rules.clientCertificates());
      return supported;
    }
  }
}
