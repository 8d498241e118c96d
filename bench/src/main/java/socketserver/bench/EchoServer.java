package socketserver.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import socketserver.StreamRequestHandler;
import socketserver.ThreadingTCPServer;

/**
 * A line echo server in a process of its own: prints {@code port N} and serves until it is killed.
 * Each kind is what a competent person would write with those means.
 */
final class EchoServer {
  private static final int BACKLOG = 1024;
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private EchoServer() {}

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "threading" -> threading();
      case "java.net" -> javaNet();
      case "netty" -> netty();
      default -> throw new IllegalArgumentException("unknown server: " + arguments[0]);
    }
  }

  private static void threading() throws IOException {
    try (var server = new Server()) {
      System.out.println("port " + server.serverPort());
      server.serveForever();
    }
  }

  private static final class Server extends ThreadingTCPServer {
    Server() throws IOException {
      super(ANY_PORT, Handler::new);
    }

    @Override
    public int requestQueueSize() {
      return BACKLOG;
    }
  }

  private static final class Handler extends StreamRequestHandler {
    @Override
    public boolean disableNagleAlgorithm() {
      return true;
    }

    @Override
    public void handle() throws IOException {
      for (byte[] line : rfile) {
        wfile.write(line);
      }
    }
  }

  private static void javaNet() throws IOException {
    try (var listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())) {
      System.out.println("port " + listener.getLocalPort());
      while (true) {
        Socket connection = listener.accept();
        Thread thread = new Thread(() -> echo(connection));
        thread.setDaemon(true);
        thread.start();
      }
    }
  }

  private static void echo(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(connection.getInputStream());
      OutputStream out = connection.getOutputStream();
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        line.write(b);
        if (b == '\n') {
          out.write(line.toByteArray());
          line.reset();
        }
      }
    } catch (IOException e) {
      // the load generator has gone
    }
  }

  private static void netty() throws InterruptedException {
    boolean epoll = Epoll.isAvailable();
    var loops =
        new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    var channel =
        new ServerBootstrap()
            .group(loops)
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel connection) {
                    connection
                        .pipeline()
                        .addLast(new LineBasedFrameDecoder(1 << 16, false, false), new NettyEcho());
                  }
                })
            .bind(ANY_PORT)
            .sync()
            .channel();
    System.out.println("port " + ((InetSocketAddress) channel.localAddress()).getPort());
    channel.closeFuture().sync();
  }

  /** Answers each line, and flushes when all that was read has been answered. */
  private static final class NettyEcho extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object line) {
      context.write(line instanceof ByteBuf ? line : Unpooled.EMPTY_BUFFER, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }
  }
}
