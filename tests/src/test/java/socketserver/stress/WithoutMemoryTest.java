package socketserver.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import socketserver.StreamRequestHandler;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;
import socketserver.fixture.Background;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
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

  /** Has no memory for what is to be sent first. */
  private static ByteBufAllocator refusingOnce() {
    AtomicBoolean refuses = new AtomicBoolean(true);
    ByteBufAllocator memory = UnpooledByteBufAllocator.DEFAULT;
    return (ByteBufAllocator)
        Proxy.newProxyInstance(
            ByteBufAllocator.class.getClassLoader(),
            new Class<?>[] {ByteBufAllocator.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("directBuffer") && refuses.getAndSet(false)) {
                throw new OutOfMemoryError("injected: no memory to send with");
              }
              return method.invoke(memory, arguments);
            });
  }

  @Test
  void nothingIsSentAfterWhatCouldNotBe() throws Exception {
    CompletableFuture<IOException> told = new CompletableFuture<>();
    CountDownLatch asked = new CountDownLatch(1);
    Body body =
        handler -> {
          handler.wfile.write("before,");
          Pipelines.of(handler.request).channel().config().setAllocator(refusingOnce());
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
      assertTrue(Background.result(told).getMessage().contains("no memory"));
    }
  }

  @Test
  void anEventLoopGoesOnWithItsConnectionsAfterAnError() throws Exception {
    AtomicBoolean fails = new AtomicBoolean(true);
    CountDownLatch prepared = new CountDownLatch(1);
    Body body =
        handler -> {
          ChannelConfig config = Pipelines.of(handler.request).channel().config();
          config.setRecvByteBufAllocator(new Failing(fails));
          prepared.countDown();
          handler.wfile.write(handler.rfile.readline());
        };
    try (var log = new LogCapture();
        var server = RunningServer.start(new Server(body));
        var client = TcpClient.to(server)) {
      Eventually.opens("the handler waits", prepared);
      assertEquals("still there\n", client.send("still there\n").line());
      assertFalse(fails.get(), "the error was not met");
      assertEquals(
          List.of("an event loop goes on after an error that would have ended it"),
          log.at(Level.ERROR));
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
