package socketserver.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.UncheckedBooleanSupplier;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import socketserver.StreamRequestHandler;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;
import socketserver.diesel.channel.Channels;
import socketserver.fixture.Background;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;
import socketserver.netty.Pipelines;

/** What a connection does when there is no memory for it at a bad moment. */
class WithoutMemoryTest {
  /** A handler's body. */
  private interface Body {
    void run(StreamRequestHandler handler) throws Exception;
  }

  private static final class Server extends TCPServer implements ThreadingMixIn {
    Server(Body body) throws IOException {
      super(
          RunningServer.anyPort(),
          () ->
              new StreamRequestHandler() {
                @Override
                public void handle() throws Exception {
                  body.run(this);
                }
              });
    }
  }

  /** Has no memory for the first thing that is sent through it. */
  private static final class Refusing extends ChannelOutboundHandlerAdapter {
    private boolean refuses = true;

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      if (refuses) {
        refuses = false;
        ReferenceCountUtil.release(message);
        throw new OutOfMemoryError("injected: no memory to send with");
      }
      context.write(message, promise);
    }
  }

  @Test
  void nothingIsSentAfterWhatCouldNotBe() throws Exception {
    CompletableFuture<IOException> told = new CompletableFuture<>();
    CountDownLatch asked = new CountDownLatch(1);
    Body body =
        handler -> {
          handler.wfile.write("before,");
          Pipelines.of(handler.request).addFirst(new Refusing());
          Eventually.opens("the client has what came before", asked);
          told.complete(
              assertThrows(
                  IOException.class,
                  () -> {
                    while (true) {
                      handler.wfile.write("hole");
                    }
                  }));
        };
    try (var server = RunningServer.start(new Server(body));
        var client = TcpClient.to(server)) {
      assertEquals("before,", new String(client.read(7)));
      asked.countDown();
      // not the end of the stream, which would say that this was all
      assertThrows(SocketException.class, client::rest);
      String message = Background.result(told).getMessage();
      assertTrue(message.contains("no memory"), message);
    }
  }

  @Test
  void anEventLoopGoesOnWithItsSocketsAfterAnError() throws Exception {
    AtomicBoolean fails = new AtomicBoolean(true);
    CompletableFuture<String> received = new CompletableFuture<>();
    Channels channels = Channels.chosen();
    EventLoop loop = channels.newLoop(new DefaultThreadFactory("loop", true));
    try (var log = new LogCapture()) {
      Channel channel = channels.newDatagram(InetAddress.getLoopbackAddress());
      channel.config().setRecvByteBufAllocator(new Failing(fails));
      channel.pipeline().addLast(new Receiving(received));
      loop.register(channel).sync();
      channel.bind(RunningServer.anyPort()).sync();
      try (var client = UdpClient.to(channel.localAddress())) {
        client.send("still there");
        assertEquals("still there", Background.result(received));
      }
      channel.close().sync();
      assertFalse(fails.get(), "the error was not met");
      assertEquals(
          List.of("an event loop goes on after an error that would have ended it"),
          log.at(Level.ERROR));
    } finally {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  /** Tells what has arrived. */
  private static final class Receiving extends SimpleChannelInboundHandler<DatagramPacket> {
    private final CompletableFuture<String> received;

    Receiving(CompletableFuture<String> received) {
      this.received = received;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      received.complete(packet.content().toString(StandardCharsets.UTF_8));
    }
  }

  /** Throws once before a read, where Netty does not expect it. */
  private static final class Failing extends AdaptiveRecvByteBufAllocator {
    private final AtomicBoolean fails;

    Failing(AtomicBoolean fails) {
      this.fails = fails;
    }

    @Override
    @SuppressWarnings("deprecation") // the type that the interface wants
    public Handle newHandle() {
      return new FailingHandle(super.newHandle());
    }

    private final class FailingHandle extends RecvByteBufAllocator.DelegatingHandle
        implements RecvByteBufAllocator.ExtendedHandle {
      @SuppressWarnings("deprecation")
      FailingHandle(RecvByteBufAllocator.Handle adaptive) {
        super(adaptive);
      }

      @Override
      public void reset(ChannelConfig config) {
        if (fails.getAndSet(false)) {
          throw new OutOfMemoryError("injected: no memory for a loop");
        }
        super.reset(config);
      }

      @Override
      public boolean continueReading(UncheckedBooleanSupplier mayBeMore) {
        return ((RecvByteBufAllocator.ExtendedHandle) delegate()).continueReading(mayBeMore);
      }
    }
  }
}
