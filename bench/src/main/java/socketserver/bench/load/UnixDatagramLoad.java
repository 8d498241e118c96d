package socketserver.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Unix datagram echo: each socket sends 64 bytes and waits for its answer. One event loop drives
 * all sockets, with epoll: Java has no Unix datagrams, and junixsocket waits for many sockets with
 * poll. None is lost: a socket whose server has a full queue waits for room.
 */
public final class UnixDatagramLoad extends LoopLoad {
  private static final ByteBuf PACKET =
      Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(Lines.window(1)));

  private final Path folder;
  private final int sockets;

  /**
   * Opens the sockets, each with a path of its own to be answered at.
   *
   * @param target the datagram echo server
   * @param sockets how many
   * @throws IOException if the system refuses
   * @throws UnsupportedOperationException if it has no epoll
   */
  public UnixDatagramLoad(Target target, int sockets) throws IOException {
    super(mechanism());
    this.folder = Files.createTempDirectory("bench");
    this.sockets = sockets;
    try {
      Bootstrap bootstrap =
          new Bootstrap()
              .group(loop())
              .channel(EpollDomainDatagramChannel.class)
              .handler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      channel.pipeline().addLast(new Client());
                    }
                  });
      for (int i = 0; i < sockets; i++) {
        var address = new DomainSocketAddress(path(i).toFile());
        var bound = bootstrap.bind(address);
        await(bound, "binding " + address);
        await(
            bound.channel().connect(new DomainSocketAddress(target.path())),
            "connecting to " + target);
        LoopClient client = bound.channel().pipeline().get(Client.class);
        onLoop(
            () -> {
              join(client);
              return null;
            });
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static IoHandlerFactory mechanism() {
    if (!Epoll.isAvailable()) {
      throw new UnsupportedOperationException(
          "Unix datagrams are driven with epoll, which this system has not");
    }
    return EpollIoHandler.newFactory();
  }

  private Path path(int number) {
    return folder.resolve("client-" + number);
  }

  @Override
  public void close() throws IOException {
    try {
      super.close();
    } finally {
      for (int i = 0; i < sockets; i++) {
        Files.deleteIfExists(path(i));
      }
      Files.delete(folder);
    }
  }

  private final class Client extends LoopClient {
    Client() {
      super(UnixDatagramLoad.this);
    }

    @Override
    void send(ChannelHandlerContext context) {
      context.writeAndFlush(PACKET.duplicate(), context.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object answer) {
      ReferenceCountUtil.release(answer);
      answered(1);
    }
  }
}
