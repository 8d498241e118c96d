package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.StreamSocket;
import socketserver.fixture.LateLoops;
import socketserver.select.Select;

/** What is TCP's alone. */
@ParameterizedClass
@MethodSource("socketserver.contract.StreamSetting#tcp")
class TcpContractTest extends ConnectionFixture {
  private static final int TCP = StreamSocket.IPPROTO_TCP;

  TcpContractTest(StreamSetting setting) {
    super(setting);
  }

  @Test
  @OutsideHandlers
  void whatTheSystemHasIsSelectedAlthoughAnEventLoopIsLate() throws Exception {
    Duration timeout = Duration.ofMillis(100);
    PendingCall<byte[]> read = PendingCall.call(() -> socket.recv(1)).awaitBlocked();
    peer.send("!");
    read.result();
    try (LateLoops late = LateLoops.stop()) {
      peer.send("late");
      List<StreamSocket> one = List.of(socket);
      assertEquals(
          one,
          late.overdue(timeout, () -> Select.select(one, List.of(), List.of(), timeout).rlist()));
    }
  }

  @Test
  void naglesAlgorithmIsOnUntilItIsSwitchedOff() throws IOException {
    assertEquals(0, socket.getsockopt(TCP, StreamSocket.TCP_NODELAY));
    assertFalse(socket.getsockopt(StandardSocketOptions.TCP_NODELAY));
    socket.setsockopt(TCP, StreamSocket.TCP_NODELAY, true);
    assertTrue(socket.getsockopt(StandardSocketOptions.TCP_NODELAY));
    socket.setsockopt(StandardSocketOptions.TCP_NODELAY, false);
    assertEquals(0, socket.getsockopt(TCP, StreamSocket.TCP_NODELAY));
  }

  @Test
  void keepAliveProbesAreTuned() throws IOException {
    socket.setsockopt(TCP, StreamSocket.TCP_KEEPIDLE, 77);
    socket.setsockopt(TCP, StreamSocket.TCP_KEEPINTVL, 11);
    socket.setsockopt(TCP, StreamSocket.TCP_KEEPCNT, 3);
    assertEquals(77, socket.getsockopt(TCP, StreamSocket.TCP_KEEPIDLE));
    assertEquals(11, socket.getsockopt(TCP, StreamSocket.TCP_KEEPINTVL));
    assertEquals(3, socket.getsockopt(TCP, StreamSocket.TCP_KEEPCNT));
  }

  @Test
  void theTypeOfServiceIsSet() throws IOException {
    socket.setsockopt(StreamSocket.IPPROTO_IP, StreamSocket.IP_TOS, 0x10);
    assertEquals(0x10, socket.getsockopt(StreamSocket.IPPROTO_IP, StreamSocket.IP_TOS));
    assertEquals(0x10, socket.getsockopt(StandardSocketOptions.IP_TOS));
  }

  @Test
  void closeWithALingerOfZeroResets() throws IOException {
    socket.setsockopt(
        StreamSocket.SOL_SOCKET, StreamSocket.SO_LINGER, HandleContractTest.linger(1, 0));
    socket.close();
    IOException error = assertThrows(IOException.class, () -> peer.receive(1));
    assertTrue(error.getMessage().contains("reset"), error.getMessage());
  }

  @Test
  void closeWithALingerOfSomeSecondsDelivers() throws Exception {
    socket.setsockopt(StandardSocketOptions.SO_LINGER, 20);
    byte[] data = Pattern.bytes(3 << 20);
    PendingCall<Void> sending =
        PendingCall.run(
            () -> {
              socket.sendall(data);
              socket.close();
            });
    byte[] received = peer.receiveAll();
    assertEquals(data.length, received.length);
    Pattern.check(received, received.length, 0);
    sending.result();
  }
}
