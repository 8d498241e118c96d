package socketserver.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.ForkingTCPServer;
import socketserver.ListenerSocket;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingUnixStreamServer;
import socketserver.UnixAddress;
import socketserver.contract.Remains;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.Strategy;
import socketserver.fixture.TcpClient;
import socketserver.netty.Pipelines;

/** Netty's handlers before the blocking streams of a server's connections. */
@Timeout(60)
class PipelineInitializerTest {
  @TempDir Path folder;

  @AfterEach
  void leaveNothing() {
    Remains.awaitNoEngine();
  }

  /** Sends back each line. */
  static final class Echo extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      for (byte[] line = rfile.readline(); line.length > 0; line = rfile.readline()) {
        wfile.write(line);
      }
    }
  }

  private static TCPServer server(Strategy strategy) throws IOException {
    strategy.assumeWorksHere();
    return strategy.server(Echo::new);
  }

  private static String text(Object message) {
    return ((ByteBuf) message).toString(StandardCharsets.UTF_8);
  }

  private static ByteBuf utf8(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
  }

  /** Changes what comes, drops what is secret, and frames what goes. */
  private static final class Changing extends ChannelDuplexHandler {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      String text = text(message);
      ReferenceCountUtil.release(message);
      if (!text.startsWith("secret")) {
        context.fireChannelRead(utf8(text.toUpperCase()));
      }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      String text = text(message);
      ReferenceCountUtil.release(message);
      context.write(utf8("<" + text.strip() + ">\n"), promise);
    }
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void whatAHandlerAddsChangesAndSwallowsTheStreamsSee(Strategy strategy) throws Exception {
    TCPServer server = server(strategy);
    Pipelines.initializer(
        server, channel -> channel.pipeline().addLast(new Adding(), new Changing()));
    try (RunningServer<TCPServer> running = RunningServer.start(server);
        TcpClient client = TcpClient.to(running)) {
      assertEquals("<FIRST>\n", client.send("secret\n").line());
      assertEquals("<A LINE>\n", client.send("a line\n").line());
      assertEquals("<ANOTHER>\n", client.send("another\n").line());
    }
  }

  /** Passes on what comes a moment later, and notes what a call that it scheduled has returned. */
  private static final class Scheduling extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<String> returned = new CompletableFuture<>();
    private final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ScheduledFuture<?> never =
          context.executor().schedule(() -> context.close(), 1, TimeUnit.HOURS);
      cancelled.complete(never.cancel(false) && never.isCancelled());
      context
          .executor()
          .schedule(
              () -> {
                context.fireChannelRead(message);
                return context.executor().inEventLoop() ? "on its loop" : "elsewhere";
              },
              1,
              TimeUnit.MILLISECONDS)
          .addListener(future -> returned.complete((String) future.getNow()));
    }
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void aHandlerSchedulesCallsAndCancelsThem(Strategy strategy) throws Exception {
    Scheduling scheduling = new Scheduling();
    TCPServer server = server(strategy);
    Pipelines.initializer(server, channel -> channel.pipeline().addLast(scheduling));
    try (RunningServer<TCPServer> running = RunningServer.start(server);
        TcpClient client = TcpClient.to(running)) {
      assertEquals("a line\n", client.send("a line\n").line());
      assertEquals("on its loop", scheduling.returned.get());
      assertTrue(scheduling.cancelled.get());
    }
  }

  /** Sends a line ahead of what comes. */
  private static final class Adding extends ChannelInboundHandlerAdapter {
    private boolean added;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (!added) {
        added = true;
        context.fireChannelRead(utf8("first\n"));
      }
      context.fireChannelRead(message);
    }
  }

  /** Keeps what comes and what goes until it is let go, on whatever thread. */
  private static final class Delaying extends ChannelDuplexHandler {
    private final CompletableFuture<Void> in = new CompletableFuture<>();
    private final CompletableFuture<Void> out = new CompletableFuture<>();
    private final CountDownLatch kept = new CountDownLatch(1);
    private final CountDownLatch keptBack = new CountDownLatch(1);

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      kept.countDown();
      in.thenRun(() -> context.executor().execute(() -> context.fireChannelRead(message)));
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      keptBack.countDown();
      out.thenRun(() -> context.executor().execute(() -> context.writeAndFlush(message, promise)));
    }
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void whatAHandlerDelaysTheStreamsWaitFor(Strategy strategy) throws Exception {
    TCPServer server = server(strategy);
    Delaying delaying = new Delaying();
    Pipelines.initializer(server, channel -> channel.pipeline().addLast(delaying));
    try (RunningServer<TCPServer> running = RunningServer.start(server);
        TcpClient client = TcpClient.to(running)) {
      client.send("late\n");
      Eventually.opens("it has come to the handler", delaying.kept);
      delaying.in.complete(null);
      Eventually.opens("the answer has come to the handler", delaying.keptBack);
      delaying.out.complete(null);
      assertEquals("late\n", client.line());
      assertEquals("later\n", client.send("later\n").line());
    }
  }

  /** Lets nothing go before something has come, as TLS does. */
  private static final class ShakingHands extends ChannelDuplexHandler {
    private final CompletableFuture<Void> greeted = new CompletableFuture<>();

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
      greeted.complete(null);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      greeted.thenRun(() -> context.writeAndFlush(message, promise));
    }
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void aHandlerThatWaitsForThePeerHearsItWhileTheServerWrites(Strategy strategy) throws Exception {
    strategy.assumeWorksHere();
    TCPServer server =
        strategy.server(
            () ->
                new StreamRequestHandler() {
                  @Override
                  public void handle() throws IOException {
                    wfile.write("welcome");
                  }
                });
    Pipelines.initializer(server, channel -> channel.pipeline().addLast(new ShakingHands()));
    try (RunningServer<TCPServer> running = RunningServer.start(server);
        TcpClient client = TcpClient.to(running)) {
      assertEquals("welcome", client.send("hello").rest());
    }
  }

  /** Stops reading after each piece, as traffic shaping does, until it is told to go on. */
  private static final class Pausing extends ChannelDuplexHandler {
    private final ConcurrentLinkedQueue<ChannelHandlerContext> paused =
        new ConcurrentLinkedQueue<>();
    private boolean isPaused;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      isPaused = true;
      context.channel().config().setAutoRead(false);
      context.fireChannelRead(message);
      paused.add(context);
    }

    @Override
    public void read(ChannelHandlerContext context) {
      if (!isPaused) {
        context.read();
      }
    }

    private void goOn() {
      Eventually.holds("it has stopped", () -> !paused.isEmpty());
      ChannelHandlerContext context = paused.poll();
      context
          .executor()
          .execute(
              () -> {
                isPaused = false;
                context.channel().config().setAutoRead(true);
              });
    }
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void aHandlerStopsReadingAndGoesOn(Strategy strategy) throws Exception {
    TCPServer server = server(strategy);
    Pausing pausing = new Pausing();
    Pipelines.initializer(server, channel -> channel.pipeline().addLast(pausing));
    try (RunningServer<TCPServer> running = RunningServer.start(server);
        TcpClient client = TcpClient.to(running)) {
      for (String line : List.of("one\n", "two\n", "three\n")) {
        assertEquals(line, client.send(line).line());
        pausing.goOn();
      }
    }
  }

  @Test
  void aConnectionWhoseInitializerFailsIsClosedAndTheNextIsServed() throws Exception {
    TCPServer server = server(Strategy.PLATFORM);
    AtomicInteger calls = new AtomicInteger();
    Pipelines.initializer(
        server,
        channel -> {
          if (calls.incrementAndGet() == 1) {
            throw new IllegalStateException("not this one");
          }
        });
    try (RunningServer<TCPServer> running = RunningServer.start(server)) {
      try (TcpClient client = TcpClient.to(running)) {
        assertEquals("", client.rest());
      }
      try (TcpClient client = TcpClient.to(running)) {
        assertEquals("x\n", client.send("x\n").line());
      }
    }
  }

  /** Says what is written. */
  private static final class Listening extends ChannelOutboundHandlerAdapter {
    private final List<String> written;

    Listening(List<String> written) {
      this.written = written;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      written.add(text(message));
      context.write(message, promise);
    }
  }

  @Test
  void aUnixServersConnectionsHaveThemToo() throws Exception {
    List<String> written = new ArrayList<>();
    UnixAddress address = UnixAddress.of(folder.resolve("s"));
    try (var server = new ThreadingUnixStreamServer(address, Echo::new)) {
      Pipelines.initializer(server, channel -> channel.pipeline().addLast(new Listening(written)));
      try (var running = RunningServer.start(server);
          StreamSocket client = StreamSocket.connect(address)) {
        client.sendall("x\n");
        assertEquals(2, client.recv(2, StreamSocket.MSG_WAITALL).length);
        assertEquals(List.of("x\n"), written);
        assertEquals(server, running.server());
      }
    }
  }

  @Test
  void aListenerByHandInitializesWhatItAccepts() throws Exception {
    List<String> written = new ArrayList<>();
    try (ListenerSocket listener = ListenerSocket.createServer(RunningServer.anyPort())) {
      Pipelines.initializer(
          listener, channel -> channel.pipeline().addLast(new Listening(written)));
      try (StreamSocket client = StreamSocket.connect(listener.getsockname());
          StreamSocket accepted = listener.accept()) {
        accepted.settimeout(Duration.ofSeconds(30));
        accepted.sendall("x");
        assertEquals(1, client.recv(1).length);
      }
    }
    assertEquals(List.of("x"), written);
  }

  @Test
  void aForkingServerRefusesOne() throws Exception {
    try (var server = new ForkingTCPServer(RunningServer.anyPort(), Echo::new)) {
      assertThrows(
          IllegalArgumentException.class, () -> Pipelines.initializer(server, channel -> {}));
    }
  }
}
