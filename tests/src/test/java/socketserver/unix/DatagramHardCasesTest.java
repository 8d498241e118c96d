package socketserver.unix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import socketserver.Datagram;
import socketserver.DatagramRequestHandler;
import socketserver.DgramSocket;
import socketserver.ThreadingUnixDatagramServer;
import socketserver.UnixAddress;
import socketserver.UnixDatagramServer;
import socketserver.WouldBlockException;
import socketserver.contract.Pattern;
import socketserver.contract.PendingCall;
import socketserver.contract.Remains;
import socketserver.fixture.Calls;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RequestThreads;
import socketserver.fixture.RunningServer;

/** Datagrams of Unix sockets: who can be answered, how long they are, and a receiver's queue. */
@Timeout(60)
class DatagramHardCasesTest {
  @TempDir Path folder;

  private DgramSocket client;

  @BeforeEach
  void open() throws IOException {
    client = new DgramSocket(StandardProtocolFamily.UNIX);
  }

  @AfterEach
  void closeAndLeaveNothing() {
    client.close();
    Remains.awaitNoEngine();
    RequestThreads.awaitNone();
  }

  private Path path() {
    return folder.resolve("x.sock");
  }

  private UnixAddress address() {
    return UnixAddress.of(path());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Datagram datagram) {
    return new String(datagram.data(), StandardCharsets.UTF_8);
  }

  // Answers

  @Test
  void aClientThatIsBoundIsAnswered() throws IOException {
    client.bind(UnixAddress.of(folder.resolve("client")));
    try (var server =
        RunningServer.start(new ThreadingUnixDatagramServer(path(), DatagramEcho::new))) {
      for (String text : new String[] {"a", "bcd", "", "ef"}) {
        client.sendto(text, server.server().serverAddress());
        Datagram answer = client.recvfrom(100);
        assertEquals(text, text(answer));
        assertEquals(address(), answer.address());
      }
    }
  }

  @Test
  void aClientThatIsUnnamedIsServedAndNotAnsweredWithOneLineInTheLog() throws IOException {
    Calls calls = new Calls();
    class Noting extends DatagramRequestHandler {
      @Override
      public void handle() throws IOException {
        wfile.write("answer");
        calls.add(new String(packet, StandardCharsets.UTF_8) + " of " + clientAddress);
      }
    }
    try (LogCapture log = new LogCapture();
        var server = RunningServer.start(new UnixDatagramServer(path(), Noting::new))) {
      client.sendto("first", server.server().serverAddress());
      calls.await("first of unnamed", 1);
      log.await(Level.DEBUG, "unnamed");
      assertNull(client.getsockname());
      // it goes on
      client.bind(UnixAddress.of(folder.resolve("client")));
      client.sendto("second", address());
      assertEquals("answer", text(client.recvfrom(100)));
      assertEquals(1, log.at(Level.DEBUG, "unnamed").size());
      assertEquals(List.of(), log.at(Level.WARN));
      assertEquals(List.of(), log.at(Level.ERROR));
    }
  }

  @Test
  void nothingCanBeSentToAnUnnamedSocket() {
    SocketException error =
        assertThrows(SocketException.class, () -> client.sendto("x", UnixAddress.UNNAMED));
    assertTrue(error.getMessage().contains("unnamed"), error.getMessage());
  }

  // Sizes

  /** The longest datagram that the system takes with this send buffer. */
  private int longest() throws IOException {
    return client.getsockopt(DgramSocket.SOL_SOCKET, DgramSocket.SO_SNDBUF) - 32;
  }

  @Test
  void boundariesAreKeptUpToTheSendBuffer() throws IOException {
    try (DgramSocket receiver = new DgramSocket(StandardProtocolFamily.UNIX)) {
      receiver.bind(address());
      for (int size : new int[] {0, 1, 8192, 65_507, 65_536, 100_000, longest(), 1}) {
        byte[] data = Pattern.bytes(size);
        client.sendto(data, address());
        assertArrayEquals(data, receiver.recvfrom(1 << 20).data());
      }
    }
  }

  @Test
  void whatIsLongerThanTheSendBufferIsRefusedWithItsSize() throws IOException {
    try (DgramSocket receiver = new DgramSocket(StandardProtocolFamily.UNIX)) {
      receiver.bind(address());
      int size = longest() + 1;
      IOException error =
          assertThrows(IOException.class, () -> client.sendto(new byte[size], address()));
      assertTrue(error.getMessage().contains(size + " bytes"), error.getMessage());
      assertTrue(error.getMessage().contains(path().toString()), error.getMessage());
      client.sendto("next", address());
      assertEquals("next", text(receiver.recvfrom(100)));
    }
  }

  // A receiver that is full

  /** A receiver that takes nothing by itself: the library's own takes some ahead. */
  private AFUNIXDatagramChannel receiver() throws IOException {
    AFUNIXDatagramChannel receiver = AFUNIXDatagramChannel.open();
    receiver.bind(AFUNIXSocketAddress.of(path()));
    return receiver;
  }

  private static String receive(AFUNIXDatagramChannel receiver) throws IOException {
    var buffer = java.nio.ByteBuffer.allocateDirect(1000);
    receiver.receive(buffer);
    return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
  }

  /** Sends until there is no room, and leaves the socket blocking; returns how many there are. */
  private int fill() throws IOException {
    client.setblocking(false);
    int sent = 0;
    try {
      while (sent < 100_000) {
        client.sendto("number " + sent, address());
        sent++;
      }
      throw new AssertionError("nobody receives, and it is never full");
    } catch (WouldBlockException e) {
      assertTrue(e.getMessage().contains(path().toString()), e.getMessage());
    }
    client.setblocking(true);
    return sent;
  }

  @Test
  void aSenderWaitsForAReceiverThatIsFullAndThenDelivers() throws Exception {
    try (AFUNIXDatagramChannel receiver = receiver()) {
      int sent = fill();
      PendingCall<Integer> sending =
          PendingCall.call(() -> client.sendto("the last", address())).awaitBlocked();
      assertFalse(sending.isDone());
      for (int i = 0; i < sent; i++) {
        assertEquals("number " + i, receive(receiver));
      }
      assertEquals("the last", receive(receiver));
      assertEquals(8, sending.result());
    }
  }

  @Test
  void aSenderThatWaitsTooLongFails() throws IOException {
    try (AFUNIXDatagramChannel receiver = receiver()) {
      int sent = fill();
      client.settimeout(Duration.ofMillis(100));
      SocketTimeoutException error =
          assertThrows(SocketTimeoutException.class, () -> client.sendto("x", address()));
      assertTrue(error.getMessage().contains(path().toString()), error.getMessage());
      for (int i = 0; i < sent; i++) {
        assertEquals("number " + i, receive(receiver));
      }
      client.sendto("there is room", address());
      assertEquals("there is room", receive(receiver));
    }
  }

  @Test
  void anInterruptEndsTheWaitForAReceiver() throws IOException {
    try (AFUNIXDatagramChannel receiver = receiver()) {
      fill();
      PendingCall<Integer> sending =
          PendingCall.call(() -> client.sendto("x", address())).awaitBlocked();
      sending.thread().interrupt();
      var error = sending.failure(InterruptedIOException.class);
      assertFalse(error instanceof SocketTimeoutException);
      assertTrue(receiver.isOpen());
    }
  }

  @Test
  void closeEndsTheWaitForAReceiver() throws IOException {
    try (AFUNIXDatagramChannel receiver = receiver()) {
      fill();
      PendingCall<Integer> sending =
          PendingCall.call(() -> client.sendto("x", address())).awaitBlocked();
      client.close();
      sending.failure(SocketException.class);
      assertTrue(receiver.isOpen());
    }
  }

  // A receiver that is gone

  @Test
  void aReceiverThatHasClosedIsNamed() throws IOException {
    new UnixDatagramServer(path(), DatagramEcho::new).close();
    ConnectException error =
        assertThrows(ConnectException.class, () -> client.sendto("x", address()));
    assertTrue(error.getMessage().contains(path().toString()), error.getMessage());
  }

  @Test
  void aPathThatIsNotThereIsNamed() {
    SocketAddress missing = UnixAddress.of(folder.resolve("missing"));
    SocketException error = assertThrows(SocketException.class, () -> client.sendto("x", missing));
    assertTrue(error.getMessage().contains(missing.toString()), error.getMessage());
    assertTrue(error.getMessage().contains("no such file"), error.getMessage());
  }

  @Test
  void aReceiverThatGoesEndsTheWaitForIt() throws Exception {
    AFUNIXDatagramChannel receiver = receiver();
    fill();
    PendingCall<Integer> sending =
        PendingCall.call(() -> client.sendto("x", address())).awaitBlocked();
    receiver.close();
    sending.failure(SocketException.class);
  }

  @Test
  void aClientThatIsGoneCostsAServerOneAnswerOnly() throws IOException {
    Calls calls = new Calls();
    class Late extends DatagramRequestHandler {
      @Override
      public void handle() throws IOException {
        calls.add(new String(packet, StandardCharsets.UTF_8));
        wfile.write(packet);
      }
    }
    class Server extends UnixDatagramServer {
      Server() throws IOException {
        super(path(), Late::new, false);
        serverBind();
      }

      @Override
      public void handleError(
          socketserver.DatagramRequest request, SocketAddress clientAddress, Throwable error) {
        calls.add(error.getClass().getSimpleName());
      }
    }
    DgramSocket gone = new DgramSocket(StandardProtocolFamily.UNIX);
    gone.bind(UnixAddress.of(folder.resolve("gone")));
    Server server = new Server();
    gone.sendto("bye", address());
    gone.close();
    try (var running = RunningServer.start(server)) {
      calls.await("ConnectException", 1);
      client.bind(UnixAddress.of(folder.resolve("client")));
      client.sendto("x", running.server().serverAddress());
      assertEquals("x", text(client.recvfrom(100)));
      assertEquals(List.of("bye", "ConnectException", "x"), calls.all());
    }
  }
}
