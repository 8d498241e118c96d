package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import socketserver.spi.Endpoint;

/** What the sockets that are Netty channels have in common. */
abstract class NettyEndpoint implements Endpoint {
  /** Numbers for channels without a descriptor, far from those that the system gives. */
  private static final AtomicInteger NUMBERS = new AtomicInteger(1_000_000);

  private int number;

  /** The channel. */
  abstract Channel channel();

  /** The pipeline, in which others may put handlers from now on. */
  ChannelPipeline pipeline() {
    return channel().pipeline();
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    checkOpen();
    return channel().localAddress();
  }

  @Override
  public void setOption(int level, int name, int value) throws IOException {
    checkOpen();
    Options.of(channel()).set(level, name, value);
  }

  @Override
  public void setOption(int level, int name, byte[] value) throws IOException {
    checkOpen();
    Options.of(channel()).set(level, name, value);
  }

  @Override
  public int option(int level, int name) throws IOException {
    checkOpen();
    return Options.of(channel()).get(level, name);
  }

  @Override
  public byte[] option(int level, int name, int length) throws IOException {
    checkOpen();
    return Options.of(channel()).get(level, name, length);
  }

  @Override
  public Executor eventLoop() {
    return channel().eventLoop();
  }

  @Override
  public int fileno() {
    if (!isOpen()) {
      return -1;
    }
    return channel() instanceof UnixChannel unix ? unix.fd().intValue() : number();
  }

  final void checkOpen() throws SocketException {
    if (!isOpen()) {
      throw closed();
    }
  }

  static SocketException closed() {
    return new SocketException("bad file descriptor: the socket is closed");
  }

  /**
   * Closes a channel and waits until its address is free. The JDK frees it when the selector turns
   * once more, so this waits for that, too.
   */
  static void closeAndFree(Channel channel) {
    channel.close().awaitUninterruptibly();
    EventLoop loop = channel.eventLoop();
    Promise<Void> turned = loop.newPromise();
    Runnable atNextTurn = () -> turned.setSuccess(null);
    loop.execute(() -> loop.schedule(atNextTurn, 0, TimeUnit.NANOSECONDS));
    turned.awaitUninterruptibly();
  }

  /** A number for what has no descriptor. */
  static int nextNumber() {
    return NUMBERS.getAndIncrement();
  }

  private synchronized int number() {
    if (number == 0) {
      number = nextNumber();
    }
    return number;
  }
}
