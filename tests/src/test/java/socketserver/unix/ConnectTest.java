package socketserver.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.DgramSocket;
import socketserver.StreamSocket;
import socketserver.UnixAddress;
import socketserver.contract.PendingCall;
import socketserver.contract.Remains;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;

/** Connecting to a path, and the ways in which it fails; each names it and leaves nothing. */
@Timeout(60)
class ConnectTest {
  @TempDir Path folder;

  private ServerSocketChannel listener;
  private final List<SocketChannel> waiting = new ArrayList<>();

  private UnixAddress address() {
    return UnixAddress.of(folder.resolve("x.sock"));
  }

  @BeforeEach
  void listen() throws IOException {
    listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(address().path()), 1);
  }

  @AfterEach
  void closeAndLeaveNothing() throws IOException {
    for (SocketChannel channel : waiting) {
      channel.close();
    }
    listener.close();
    Remains.awaitNoEngine();
  }

  @Test
  void aClientIsUnnamedAndItsPeerIsThePath() throws IOException {
    try (StreamSocket client = StreamSocket.connect(address())) {
      assertEquals(UnixAddress.UNNAMED, client.getsockname());
      assertEquals(address(), client.getpeername());
    }
  }

  @Test
  void theAddressCanBeTheJdks() throws IOException {
    UnixDomainSocketAddress jdk = UnixDomainSocketAddress.of(address().path());
    try (StreamSocket client = StreamSocket.connect(jdk, Duration.ofSeconds(20))) {
      assertEquals(address(), client.getpeername());
      assertEquals(Duration.ofSeconds(20), client.gettimeout());
    }
  }

  private void assertRefused(UnixAddress address, String cause) {
    IOException error =
        assertThrows(IOException.class, () -> StreamSocket.connect(address).close());
    assertTrue(error.getMessage().contains(address.toString()), error.getMessage());
    assertTrue(error.getMessage().contains(cause), error.getMessage());
  }

  @Test
  void nobodyWhoListensRefuses() throws IOException {
    listener.close();
    assertThrows(ConnectException.class, () -> StreamSocket.connect(address()).close());
    assertRefused(address(), "connection refused");
  }

  @Test
  void aPathThatIsNotThereIsNamed() throws IOException {
    assertRefused(UnixAddress.of(folder.resolve("missing")), "no such file");
    assertRefused(UnixAddress.of("\0" + folder + "/missing"), "connection refused");
  }

  @Test
  void aFileThatIsNoSocketRefuses() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "content");
    assertRefused(UnixAddress.of(file), "connection refused");
    assertEquals("content", Files.readString(file));
  }

  @Test
  void aDatagramSocketIsOfAnotherType() throws IOException {
    UnixAddress other = UnixAddress.of(folder.resolve("datagrams"));
    try (DgramSocket socket = new DgramSocket(StandardProtocolFamily.UNIX)) {
      socket.bind(other);
      assertRefused(other, "wrong type");
    }
  }

  @Test
  void aPathThatIsTooLongIsNotCutToAnother() throws IOException {
    UnixAddress tooLong = UnixAddress.of(folder.resolve("x".repeat(200)));
    IOException error =
        assertThrows(IOException.class, () -> StreamSocket.connect(tooLong).close());
    assertTrue(error.getMessage().contains("too long"), error.getMessage());
  }

  @Test
  void refusedConnectionsLeaveNoDescriptorOpen() throws IOException {
    Descriptors.assumeCountable();
    listener.close();
    assertRefused(address(), "refused");
    Remains.awaitNoEngine();
    int before = Descriptors.open();
    for (int i = 0; i < 50; i++) {
      assertRefused(address(), "refused");
    }
    Eventually.holds("no descriptor more", () -> Descriptors.open() <= before);
  }

  /** Lets as many connections wait as the queue of the listener takes. */
  private void fillQueue() throws IOException {
    while (true) {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      waiting.add(channel);
      channel.configureBlocking(false);
      try {
        if (!channel.connect(UnixDomainSocketAddress.of(address().path()))) {
          return;
        }
      } catch (IOException full) {
        return;
      }
    }
  }

  @Test
  void aFullQueueIsWaitedForWithinATime() throws IOException {
    fillQueue();
    SocketTimeoutException error =
        assertThrows(
            SocketTimeoutException.class,
            () -> StreamSocket.connect(address(), Duration.ofMillis(100)).close());
    assertTrue(error.getMessage().contains(address().toString()), error.getMessage());
  }

  @Test
  void aFullQueueIsWaitedForUntilThereIsRoom() throws Exception {
    fillQueue();
    PendingCall<StreamSocket> connecting =
        PendingCall.call(() -> StreamSocket.connect(address())).awaitBlocked();
    listener.accept().close();
    listener.accept().close();
    try (StreamSocket socket = connecting.result()) {
      assertEquals(address(), socket.getpeername());
    }
  }

  @Test
  void anInterruptEndsTheWaitForAFullQueue() throws IOException {
    fillQueue();
    PendingCall<StreamSocket> connecting =
        PendingCall.call(() -> StreamSocket.connect(address())).awaitBlocked();
    connecting.thread().interrupt();
    var error = connecting.failure(InterruptedIOException.class);
    assertFalse(error instanceof SocketTimeoutException);
  }
}
