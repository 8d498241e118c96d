package socketserver.netty.stream;

import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import socketserver.ConnectionException;
import socketserver.ConnectionResetException;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.loop.Readiness;

/**
 * Makes a connection that has already been used a TLS connection. One thread does all of it, with
 * the connection's locks for reading and writing held.
 */
final class TlsHandshake {
  /** How long the last bytes of a closed connection may take. */
  private static final int CLOSE_SECONDS = 30;

  private final StreamChannel channel;
  private final Readiness readiness;
  private final Input input;
  private final BooleanSupplier ended;

  TlsHandshake(StreamChannel channel, Readiness readiness, Input input, BooleanSupplier ended) {
    this.channel = channel;
    this.readiness = readiness;
    this.input = input;
    this.ended = ended;
  }

  /**
   * Does the handshake.
   *
   * @param unread bytes that a reader has taken but not used; they are the handshake's first
   * @throws SSLException if it fails for a reason of TLS
   * @throws ConnectionException if the peer leaves before its end
   * @throws java.io.InterruptedIOException if the thread is interrupted
   */
  void start(SSLEngine engine, byte[] unread, long deadlineNanos) throws IOException {
    long start = System.nanoTime();
    SslHandler tls = new TlsHandler(engine);
    // whoever waits looks at the time
    tls.setHandshakeTimeoutMillis(0);
    tls.setCloseNotifyFlushTimeout(CLOSE_SECONDS, TimeUnit.SECONDS);
    channel.strand().call(() -> add(tls, unread));
    boolean over = false;
    while (!tls.handshakeFuture().isDone()) {
      int events = channel.strand().call(() -> goOn(tls));
      if (tls.handshakeFuture().isDone()) {
        break;
      }
      if (ended.getAsBoolean() || channel.isInputShutdown() && events == 0) {
        throw new ConnectionException("the peer closed the connection during the tls handshake");
      }
      if (over) {
        throw new SSLHandshakeException("tls handshake timed out");
      }
      long left = Math.max(deadlineNanos - (System.nanoTime() - start), 0);
      over =
          !readiness.await(
              events, left, () -> ended.getAsBoolean() || tls.handshakeFuture().isDone());
    }
    if (!tls.handshakeFuture().isSuccess()) {
      throw error(tls.handshakeFuture().cause());
    }
  }

  /** Puts TLS before everything else, and gives it what has arrived. */
  private Void add(SslHandler tls, byte[] unread) {
    byte[] arrived = input.takeAll();
    channel.pipeline().addFirst("tls", tls);
    if (unread.length + arrived.length > 0) {
      channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(unread, arrived));
      channel.pipeline().fireChannelReadComplete();
    }
    // who reads on finds the end again
    input.takeEnd();
    return null;
  }

  /** Does what can be done without a wait; what to wait for. On the channel's loop. */
  private int goOn(SslHandler tls) {
    channel.unsafe().flush();
    boolean more = true;
    while (more && !tls.handshakeFuture().isDone()) {
      if (!channel.wantsRead()) {
        channel.pipeline().read();
      }
      more = channel.readOnce();
    }
    boolean reads = channel.wantsRead() && !channel.isInputShutdown();
    return (reads ? Readiness.READ : 0) | (channel.hasUnsent() ? Readiness.WRITE : 0);
  }

  /** A peer that leaves has hung up; only what went wrong in TLS is a failure of TLS. */
  private IOException error(Throwable cause) {
    if (cause instanceof NotSslRecordException) {
      // Netty's message holds all that the peer has sent, which may be a password
      return new SSLHandshakeException("not a tls record: the peer speaks something else");
    }
    if (cause instanceof ClosedChannelException) {
      return new ConnectionException("the peer closed the connection during the tls handshake");
    }
    IOException met = ChannelErrors.ofReading(cause);
    if (met instanceof ConnectionResetException) {
      return new ConnectionResetException("connection reset by peer during the tls handshake");
    }
    if (cause instanceof IOException && !(cause instanceof SSLException)) {
      return met;
    }
    SSLException error = new SSLHandshakeException("tls handshake failed: " + cause.getMessage());
    error.initCause(cause);
    return error;
  }
}
