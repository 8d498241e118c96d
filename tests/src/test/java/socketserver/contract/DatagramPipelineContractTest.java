package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.Datagram;
import socketserver.DgramSocket;
import socketserver.netty.Pipelines;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.Endpoint;

/** Asking for the pipeline of a datagram socket that is in use already. */
@ParameterizedClass
@MethodSource("socketserver.contract.DatagramSetting#plain")
class DatagramPipelineContractTest extends OnGround {
  private final DatagramSetting setting;
  private DatagramKind kind;
  private DgramSocket socket;
  private DatagramKind.DatagramPeer peer;

  DatagramPipelineContractTest(DatagramSetting setting) {
    super(setting.ground());
    this.setting = setting;
  }

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    kind = setting.kind(folder);
    socket = opened.add(new DgramSocket(kind.family()));
    peer = opened.add(kind.peer());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private DatagramEndpoint endpoint() {
    return (DatagramEndpoint) socket.transportEndpoint();
  }

  @Test
  void thoseWhoWaitGoOnWaiting() throws Exception {
    socket.bind(kind.free());
    List<PendingCall<Datagram>> receiving = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      receiving.add(PendingCall.call(() -> socket.recvfrom(100)).awaitBlocked());
    }
    Pipelines.of(socket);
    for (PendingCall<Datagram> receiver : receiving) {
      receiver.awaitBlocked();
      assertFalse(receiver.isDone());
    }
    for (int i = 0; i < 3; i++) {
      peer.send(utf8("x"), socket.getsockname());
    }
    for (PendingCall<Datagram> receiver : receiving) {
      assertArrayEquals(utf8("x"), receiver.result().data());
    }
  }

  @Test
  void aServerThatWaitsGoesOnWaitingAndIsWoken() throws Exception {
    socket.bind(kind.free());
    PendingCall<Boolean> waiting =
        PendingCall.call(() -> endpoint().awaitReadable(Endpoint.FOREVER)).awaitBlocked();
    Pipelines.of(socket);
    waiting.awaitBlocked();
    assertFalse(waiting.isDone());
    endpoint().wakeup();
    assertFalse(waiting.result());
    PendingCall<Boolean> again =
        PendingCall.call(() -> endpoint().awaitReadable(Endpoint.FOREVER)).awaitBlocked();
    peer.send(utf8("x"), socket.getsockname());
    assertTrue(again.result());
  }

  @Test
  void whatHasArrivedIsReceivedInItsOrder() throws Exception {
    socket.bind(kind.free());
    for (String text : new String[] {"a", "b", "c"}) {
      peer.send(utf8(text), socket.getsockname());
    }
    assertTrue(endpoint().awaitReadable(Endpoint.FOREVER));
    Pipelines.of(socket);
    for (String text : new String[] {"a", "b", "c"}) {
      assertArrayEquals(utf8(text), socket.recvfrom(10).data());
    }
  }

  @Test
  void aHandlerSeesWhatArrives() throws Exception {
    socket.bind(kind.free());
    CountDownLatch added = new CountDownLatch(1);
    CountDownLatch seen = new CountDownLatch(1);
    Pipelines.of(socket)
        .addFirst(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void handlerAdded(ChannelHandlerContext context) {
                added.countDown();
              }

              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                seen.countDown();
                context.fireChannelRead(message);
              }
            });
    // on the loop; what arrives before passes it by
    assertTrue(added.await(10, TimeUnit.SECONDS));
    peer.send(utf8("x"), socket.getsockname());
    assertArrayEquals(utf8("x"), socket.recvfrom(10).data());
    assertTrue(seen.await(10, TimeUnit.SECONDS));
  }

  @Test
  void aSocketThatIsNotBoundCanStillBe() throws Exception {
    socket.setsockopt(DgramSocket.SOL_SOCKET, DgramSocket.SO_RCVBUF, 50_000);
    Pipelines.of(socket);
    assertTrue(socket.getsockopt(DgramSocket.SOL_SOCKET, DgramSocket.SO_RCVBUF) >= 50_000);
    socket.bind(kind.free());
    peer.send(utf8("x"), socket.getsockname());
    Datagram datagram = socket.recvfrom(10);
    assertArrayEquals(utf8("x"), datagram.data());
    socket.sendto("answer", datagram.address());
    assertEquals(socket.getsockname(), peer.receive().sender());
  }

  @Test
  void aClosedSocketHasNone() {
    socket.settimeout(Duration.ofSeconds(1));
    socket.close();
    assertThrows(RuntimeException.class, () -> Pipelines.of(socket));
  }
}
