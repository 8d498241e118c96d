package socketserver;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * Makes the engines of TLS connections, safe unless the caller's parameters say otherwise.
 *
 * <p>What the context asks for holds unless the parameters say something else in so many words. A
 * new {@link SSLParameters} says "no" to much that nobody has thought of: it asks for no client
 * certificate, has the client choose the cipher, and names no protocol. The JDK's engines take that
 * for an order.
 */
final class TlsEngine {
  private TlsEngine() {}

  /**
   * Makes the engine of a connection: for the connecting side if there is a host to name, and for
   * the accepting side otherwise.
   *
   * @param parameters what the caller asks for, or null
   * @param hostname the host's name, or null for the one that was connected to
   * @param target the address that was connected to, or null if it was not or is not known
   */
  static SSLEngine of(
      SSLContext context, SSLParameters parameters, String hostname, SocketAddress target) {
    return hostname != null || target != null
        ? ofClient(context, parameters, hostname, target)
        : ofServer(context, parameters);
  }

  private static SSLEngine ofServer(SSLContext context, SSLParameters parameters) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    if (parameters != null) {
      apply(parameters, engine);
    }
    return engine;
  }

  /** An engine that asks for a host and checks the certificate against it. */
  private static SSLEngine ofClient(
      SSLContext context, SSLParameters parameters, String hostname, SocketAddress target) {
    SSLEngine engine;
    if (hostname != null) {
      engine = context.createSSLEngine(hostname, -1);
    } else if (target instanceof InetSocketAddress inet) {
      engine = context.createSSLEngine(inet.getHostString(), inet.getPort());
    } else {
      engine = context.createSSLEngine();
    }
    engine.setUseClientMode(true);
    if (parameters != null) {
      apply(parameters, engine);
    }
    SSLParameters told = engine.getSSLParameters();
    if (told.getEndpointIdentificationAlgorithm() == null) {
      // the rules of RFC 2818: the name or address must be in the certificate
      told.setEndpointIdentificationAlgorithm("HTTPS");
      engine.setSSLParameters(told);
    }
    return engine;
  }

  /** Applies parameters, and then again what the context asked for and they only left out. */
  private static void apply(SSLParameters parameters, SSLEngine engine) {
    SSLParameters asked = engine.getSSLParameters();
    engine.setSSLParameters(parameters);
    SSLParameters told = engine.getSSLParameters();
    if (!parameters.getNeedClientAuth() && !parameters.getWantClientAuth()) {
      // either of the two takes the other back
      if (asked.getNeedClientAuth()) {
        told.setNeedClientAuth(true);
      } else if (asked.getWantClientAuth()) {
        told.setWantClientAuth(true);
      }
    }
    if (asked.getUseCipherSuitesOrder()) {
      told.setUseCipherSuitesOrder(true);
    }
    if (parameters.getApplicationProtocols().length == 0) {
      told.setApplicationProtocols(asked.getApplicationProtocols());
    }
    engine.setSSLParameters(told);
  }
}
