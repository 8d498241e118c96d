package socketserver.bench.server;

import static io.netty.handler.flush.FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * Netty by hand: a loop for each core, epoll where there is, everything on the loops, what was read
 * at once answered with one flush. What it offers by default stays: pooled buffers, TCP_NODELAY,
 * and a system call for each datagram.
 */
final class NettyPeer implements Peer {
  @Override
  public String name() {
    return "netty";
  }

  @Override
  public Map<String, List<String>> servers() {
    return Map.of(
        "eventloop",
        List.of(
            "lines",
            "line",
            "chat",
            "sink",
            "source",
            "datagrams",
            "unix-lines",
            "unix-datagrams",
            "tls-lines"));
  }

  @Override
  public Served open(String strategy, String protocol) throws Exception {
    boolean epoll = Epoll.isAvailable();
    boolean unix = protocol.startsWith("unix-");
    if (unix && !epoll) {
      throw new UnsupportedOperationException(
          "netty serves Unix sockets with epoll here, which this system has not");
    }
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    Path path = unix ? SocketFolder.newPath() : null;
    SocketAddress address =
        unix
            ? new DomainSocketAddress(path.toFile())
            : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Channel channel =
        protocol.endsWith("datagrams")
            ? datagrams(loops, unix, epoll, address)
            : stream(loops, unix, epoll, address, protocol);
    return Served.of(
        unix ? "path " + path : "port " + ((InetSocketAddress) channel.localAddress()).getPort(),
        () -> channel.closeFuture().sync());
  }

  private static Channel datagrams(
      EventLoopGroup loops, boolean unix, boolean epoll, SocketAddress address)
      throws InterruptedException {
    Class<? extends Channel> type =
        unix
            ? EpollDomainDatagramChannel.class
            : epoll ? EpollDatagramChannel.class : NioDatagramChannel.class;
    return new Bootstrap()
        .group(loops)
        .channel(type)
        .handler(new NettyDatagramEcho())
        .bind(address)
        .sync()
        .channel();
  }

  private static Channel stream(
      EventLoopGroup loops, boolean unix, boolean epoll, SocketAddress address, String protocol)
      throws InterruptedException {
    Class<? extends ServerChannel> type =
        unix
            ? EpollServerDomainSocketChannel.class
            : epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    return new ServerBootstrap()
        .group(loops)
        .channel(type)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childHandler(pipeline(protocol))
        .bind(address)
        .sync()
        .channel();
  }

  private static ChannelHandler pipeline(String protocol) {
    ChannelGroup members = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    SSLContext tls = protocol.equals("tls-lines") ? SelfSigned.CONTEXT : null;
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel connection) {
        ChannelPipeline pipeline = connection.pipeline();
        switch (protocol) {
          case "sink" -> pipeline.addLast(new NettySink());
          case "source" -> pipeline.addLast(new NettySource());
          case "line" ->
              pipeline.addLast(
                  new LineBasedFrameDecoder(LONGEST_LINE, false, false), new NettyOneLine());
          case "chat" ->
              pipeline.addLast(
                  // what comes from several clients in a turn of the loop leaves with one flush
                  new FlushConsolidationHandler(DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true),
                  new LineBasedFrameDecoder(LONGEST_LINE, false, false),
                  new NettyChat(members));
          default -> {
            if (tls != null) {
              SSLEngine engine = tls.createSSLEngine();
              engine.setUseClientMode(false);
              pipeline.addLast(new SslHandler(engine));
            }
            pipeline.addLast(
                new LineBasedFrameDecoder(LONGEST_LINE, false, false), new NettyEcho());
          }
        }
      }
    };
  }
}
