package socketserver.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * Lines of 64 bytes over TLS: each connection sends a number of them at once, in one record, and
 * waits until all have come back. One event loop drives all connections, and encrypts with Java's
 * own implementation. It trusts every certificate on purpose: those of the servers are made for one
 * run, and what is measured is not who they are.
 */
public final class TlsLineLoad extends LoopLoad {
  private final ByteBuf window;
  private final int depth;

  /**
   * Connects, and shakes hands.
   *
   * @param target the TLS line echo server
   * @param connections how many
   * @param depth how many lines each sends at once
   * @throws IOException if it cannot connect, or the handshake fails
   */
  public TlsLineLoad(Target target, int connections, int depth) throws IOException {
    super(NioIoHandler.newFactory());
    this.depth = depth;
    this.window = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(Lines.window(depth)));
    try {
      connect(target, connections);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void connect(Target target, int connections) throws IOException {
    SSLContext context = trustful();
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    SSLEngine engine = context.createSSLEngine();
                    engine.setUseClientMode(true);
                    SslHandler tls = new SslHandler(engine);
                    tls.setHandshakeTimeoutMillis(Waiting.LIMIT.toMillis());
                    channel.pipeline().addLast(tls, new Client());
                  }
                });
    List<ChannelFuture> connecting = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      connecting.add(bootstrap.connect(Connecting.address(target)));
    }
    for (ChannelFuture each : connecting) {
      await(each, "connecting to " + target);
      SslHandler tls = each.channel().pipeline().get(SslHandler.class);
      if (tls != null) {
        await(tls.handshakeFuture(), "the handshake with " + target);
      }
    }
  }

  private static SSLContext trustful() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS", e);
    }
  }

  private final class Client extends LoopClient {
    private int received;

    Client() {
      super(TlsLineLoad.this);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      join(this);
    }

    @Override
    void send(ChannelHandlerContext context) {
      received = 0;
      context.writeAndFlush(window.duplicate(), context.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      received += bytes.readableBytes();
      bytes.release();
      if (received > window.capacity()) {
        failed(new IOException("more came back than was sent: " + received + " bytes"));
      } else if (received == window.capacity()) {
        answered(depth);
      }
    }
  }
}
