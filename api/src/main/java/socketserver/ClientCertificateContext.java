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
 * An SSLContext of which the engines, as servers, ask for a client's certificate and refuse a
 * client without: Python's {@code verify_mode = CERT_REQUIRED}. Java has that as a property of the
 * single connection, where it is easily forgotten.
 */
final class ClientCertificateContext extends SSLContext {
  ClientCertificateContext(SSLContext context) {
    super(new Spi(context), context.getProvider(), context.getProtocol());
  }

  private static final class Spi extends SSLContextSpi {
    private final SSLContext context;

    Spi(SSLContext context) {
      this.context = context;
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

    /** Its sockets do not ask: nothing here makes one, and a factory cannot be told. */
    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      throw new UnsupportedOperationException(
          "this context is for StreamSocket.startTls and for engines, not for server sockets");
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return asking(context.createSSLEngine());
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return asking(context.createSSLEngine(host, port));
    }

    private static SSLEngine asking(SSLEngine engine) {
      engine.setNeedClientAuth(true);
      return engine;
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
      return asking(context.getDefaultSSLParameters());
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return asking(context.getSupportedSSLParameters());
    }

    private static SSLParameters asking(SSLParameters parameters) {
      parameters.setNeedClientAuth(true);
      return parameters;
    }
  }
}
