package socketserver.diesel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import socketserver.diesel.channel.Budget;
import socketserver.netty.stream.TlsHandler;

/** How the channel of a stream is made ready, whichever side it is of. */
final class Streams {
  private Streams() {}

  /** Sets what Netty has otherwise than Python's sockets. */
  static void configure(Channel channel) {
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel.config().setOption(ChannelOption.TCP_NODELAY, false);
    Budget.ofProcess().limitReads(channel);
  }

  /** Lets a connection know what happens on its channel, below TLS if there is an engine for it. */
  static void handle(
      Channel channel, StreamConnection connection, SSLEngine engine, Consumer<Throwable> opened) {
    if (engine != null) {
      channel.pipeline().addLast(new TlsHandler(engine));
    }
    channel.pipeline().addLast(new StreamHandler(connection, engine != null, opened));
  }

  static SSLEngine server(SSLContext context) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    return engine;
  }

  /** An engine that checks whether the certificate is the host's. */
  static SSLEngine client(SSLContext context, String host, int port) {
    SSLEngine engine = context.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return engine;
  }
}
