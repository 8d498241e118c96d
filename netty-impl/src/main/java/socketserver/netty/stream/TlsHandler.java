package socketserver.netty.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * Netty's handler for TLS, but with one handshake for a connection: a client that asks a server for
 * another, which TLS 1.2 lets it do as often as it likes, costs that far more than itself. Its
 * connection fails. (Java can refuse it too, but only by a system property, for the whole process.)
 */
public final class TlsHandler extends SslHandler {
  /** Only the event loop uses it. */
  private boolean refused;

  /**
   * Makes a handler that computes on the event loop.
   *
   * @param engine the engine, its mode and parameters set
   */
  public TlsHandler(SSLEngine engine) {
    super(engine);
  }

  /** Makes a handler that has an executor compute what a handshake needs. */
  TlsHandler(SSLEngine engine, Executor tasks) {
    super(engine, false, tasks);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws SSLException {
    if (refused) {
      in.skipBytes(in.readableBytes());
      return;
    }
    super.decode(context, in, out);
    if (beginsAgain()) {
      refused = true;
      context.fireExceptionCaught(
          new SSLException("the client asked for another tls handshake (renegotiation)"));
      context.channel().close();
    }
  }

  private boolean beginsAgain() {
    SSLEngine engine = engine();
    if (engine.getUseClientMode() || !handshakeFuture().isSuccess()) {
      return false;
    }
    HandshakeStatus status = engine.getHandshakeStatus();
    return status != HandshakeStatus.NOT_HANDSHAKING
        && status != HandshakeStatus.FINISHED
        // an engine whose stream ends has something to do too
        && !engine.isInboundDone()
        && !engine.isOutboundDone()
        // what comes after the handshake of TLS 1.3 is no other
        && !engine.getSession().getProtocol().equals("TLSv1.3");
  }
}
