package socketserver.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import socketserver.ConnectionException;
import socketserver.ConnectionResetException;
import socketserver.spi.Endpoint;

/**
 * Makes a connection that has already been used a TLS connection. One thread starts it and waits;
 * the rest happens on the event loop.
 *
 * <p>While the handshake goes on, this is a handler behind Netty's: a peer that has closed its half
 * cannot finish a handshake, but Netty waits for it until the deadline. As long as the engine still
 * computes, what the peer sent before it closed may yet be enough; when the engine waits for input,
 * nothing will come.
 */
final class TlsHandshake extends ChannelInboundHandlerAdapter {
  private static final int CHECK_MILLIS = 10;

  private final Channel channel;
  private final EventLoop loop;
  private final Inbound inbound;
  private final Outbound outbound;
  private final SslHandler tls;

  /** Only the loop uses it: the peer has closed its half. */
  private boolean inputEnded;

  TlsHandshake(
      Channel channel, EventLoop loop, Inbound inbound, Outbound outbound, SslHandler tls) {
    this.channel = channel;
    this.loop = loop;
    this.inbound = inbound;
    this.outbound = outbound;
    this.tls = tls;
  }

  /**
   * Does the handshake.
   *
   * @param unread bytes that a reader has taken but not used; they are the handshake's first
   * @throws SSLException if it fails for a reason of TLS
   * @throws ConnectionException if the peer leaves before its end
   * @throws java.io.InterruptedIOException if the thread is interrupted
   */
  void start(byte[] unread) throws IOException {
    Future<?> added = loop.submit(() -> add(unread));
    Waiting.await(added, Endpoint.FOREVER, loop);
    if (!added.isSuccess()) {
      throw new SSLException("tls cannot start: " + added.cause().getMessage(), added.cause());
    }
    Waiting.await(tls.handshakeFuture(), Endpoint.FOREVER, loop);
    if (!tls.handshakeFuture().isSuccess()) {
      throw error(tls.handshakeFuture().cause());
    }
  }

  /** Puts TLS before everything else, and gives it what has arrived. */
  private void add(byte[] unread) {
    outbound.drain();
    channel.pipeline().addFirst("tls", tls).addAfter("tls", "tls-handshake", this);
    tls.handshakeFuture().addListener(future -> done(future.isSuccess()));
    if (unread.length > 0) {
      channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(unread));
    }
    for (ByteBuf buffer : inbound.takeAll()) {
      channel.pipeline().fireChannelRead(buffer);
    }
    channel.pipeline().fireChannelReadComplete();
    if (inbound.takeEnd()) {
      channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event != ChannelInputShutdownEvent.INSTANCE) {
      context.fireUserEventTriggered(event);
    } else if (!inputEnded) {
      inputEnded = true;
      checkLater(false);
    }
  }

  private void checkLater(boolean waitingBefore) {
    loop.schedule(() -> check(waitingBefore), CHECK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Gives up when the engine has waited for input twice: once may be just before it goes on. */
  private void check(boolean waitingBefore) {
    if (tls.handshakeFuture().isDone()) {
      return;
    }
    HandshakeStatus status = tls.engine().getHandshakeStatus();
    // a server's engine that has seen no byte yet says that it is not handshaking
    boolean waiting =
        status == HandshakeStatus.NEED_UNWRAP || status == HandshakeStatus.NOT_HANDSHAKING;
    if (waiting && waitingBefore) {
      channel.close();
    } else {
      checkLater(waiting);
    }
  }

  private void done(boolean success) {
    if (success && inputEnded) {
      // behind the data that came with the handshake's last record
      loop.execute(
          () -> {
            remove();
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
          });
    } else {
      remove();
    }
  }

  private void remove() {
    if (channel.pipeline().context(this) != null) {
      channel.pipeline().remove(this);
    }
  }

  /** A peer that leaves has hung up; only what went wrong in TLS is a failure of TLS. */
  private IOException error(Throwable cause) {
    if (cause instanceof SslHandshakeTimeoutException) {
      return new SSLHandshakeException("tls handshake timed out");
    }
    if (cause instanceof NotSslRecordException) {
      // Netty's message holds all that the peer has sent, which may be a password
      return new SSLHandshakeException("not a tls record: the peer speaks something else");
    }
    if (cause instanceof ClosedChannelException) {
      return inbound.wasReset()
          ? new ConnectionResetException("connection reset by peer during the tls handshake")
          : new ConnectionException("the peer closed the connection during the tls handshake");
    }
    if (cause instanceof IOException && !(cause instanceof SSLException)) {
      return ChannelErrors.ofReading(cause);
    }
    SSLException error = new SSLHandshakeException("tls handshake failed: " + cause.getMessage());
    error.initCause(cause);
    return error;
  }
}
