package socketserver.unix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.ListenerSocket;
import socketserver.ReceivedFds;
import socketserver.StreamSocket;
import socketserver.UnixAddress;
import socketserver.WouldBlockException;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;

/** Open files go over a Unix connection, and nobody closes what is not his. */
@Timeout(60)
class DescriptorPassingTest {
  @TempDir Path folder;

  private ListenerSocket listener;
  private StreamSocket here;
  private StreamSocket there;

  @BeforeEach
  void connect() throws IOException {
    listener = new ListenerSocket(StandardProtocolFamily.UNIX);
    listener.bind(UnixAddress.of(folder.resolve("s")));
    listener.listen(5);
    here = StreamSocket.connect(listener.getsockname());
    there = listener.accept();
    here.settimeout(Bounds.WAIT);
    there.settimeout(Bounds.WAIT);
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
    listener.close();
  }

  private FileInputStream file(String name, String text) throws IOException {
    return new FileInputStream(Files.writeString(folder.resolve(name), text).toFile());
  }

  private static String read(FileDescriptor fd) throws IOException {
    try (var in = new FileInputStream(fd)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void severalFilesArriveInOrderWithTheBytes() throws IOException {
    try (var one = file("one", "first");
        var two = file("two", "second")) {
      assertEquals(4, here.sendFds(bytes("data"), one.getFD(), two.getFD()));
      try (ReceivedFds received = there.recvFds(100, 10)) {
        assertArrayEquals(bytes("data"), received.data());
        assertEquals(2, received.fds().size());
        assertEquals("first", read(received.fds().get(0)));
        assertEquals("second", read(received.fds().get(1)));
      }
    }
  }

  @Test
  void theyGoInBothDirections() throws IOException {
    here.withoutReadAhead();
    try (var one = file("one", "question");
        var two = file("two", "answer")) {
      here.sendFds(bytes("?"), one.getFD());
      try (ReceivedFds received = there.recvFds(1, 1)) {
        assertEquals("question", read(received.fds().get(0)));
      }
      there.sendFds(bytes("!"), two.getFD());
      try (ReceivedFds received = here.recvFds(1, 1)) {
        assertEquals("answer", read(received.fds().get(0)));
      }
    }
  }

  @Test
  void theSendersDescriptorStaysOpenAndTheReceiversOutlivesIt() throws IOException {
    try (var one = file("one", "text")) {
      here.sendFds(bytes("x"), one.getFD());
      assertTrue(one.getFD().valid());
      assertEquals('t', one.read());
    }
    try (ReceivedFds received = there.recvFds(1, 1)) {
      assertEquals("ext", read(received.fds().get(0)));
    }
  }

  @Test
  void whatIsWrittenThroughAPassedFileIsInTheFile() throws IOException {
    Path target = folder.resolve("target");
    try (var out = new FileOutputStream(target.toFile())) {
      here.sendFds(bytes("x"), out.getFD());
    }
    try (ReceivedFds received = there.recvFds(1, 1);
        var out = new FileOutputStream(received.fds().get(0))) {
      out.write(bytes("from the other side"));
    }
    assertEquals("from the other side", Files.readString(target));
  }

  @Test
  void thoseBeyondTheLimitAreClosed() throws IOException {
    Descriptors.assumeCountable();
    try (var one = file("one", "1");
        var two = file("two", "2")) {
      here.sendFds(bytes("warm"), one.getFD());
      there.recvFds(4, 1).close();
      int before = Descriptors.open();
      here.sendFds(bytes("x"), one.getFD(), two.getFD());
      try (ReceivedFds received = there.recvFds(1, 1)) {
        assertEquals(1, received.fds().size());
        assertEquals(before + 1, Descriptors.open());
      }
      assertEquals(before, Descriptors.open());
    }
  }

  @Test
  void bytesBeforeAndAfterAreReadAsUsual() throws IOException {
    there.withoutReadAhead();
    here.sendall("before\n");
    try (var rfile = there.makefileReader(0)) {
      assertArrayEquals(bytes("before\n"), rfile.readline());
      try (var one = file("one", "file")) {
        here.sendFds(bytes("with"), one.getFD());
      }
      here.sendall("after");
      try (ReceivedFds received = there.recvFds(4, 1)) {
        assertArrayEquals(bytes("with"), received.data());
        assertEquals("file", read(received.fds().get(0)));
      }
      assertArrayEquals(bytes("after"), there.recv(100));
      here.close();
      assertEquals(0, there.recv(100).length);
    }
  }

  @Test
  void whatWasWrittenBeforeGoesFirst() throws IOException {
    here.sendall("x".repeat(60_000));
    try (var one = file("one", "file")) {
      here.sendFds(bytes("!"), one.getFD());
    }
    here.sendall("after");
    there.withoutReadAhead();
    int count = 0;
    while (count < 60_000) {
      count += there.recv(60_000 - count).length;
    }
    try (ReceivedFds received = there.recvFds(1, 1)) {
      assertArrayEquals(bytes("!"), received.data());
      assertEquals("file", read(received.fds().get(0)));
    }
    assertArrayEquals(bytes("after"), there.recv(5));
  }

  @Test
  void receivingAfterReadingAheadIsRefused() throws IOException {
    here.sendall("line\n");
    assertArrayEquals(bytes("line\n"), there.recv(5));
    IOException error = assertThrows(IOException.class, () -> there.recvFds(1, 1));
    assertTrue(error.getMessage().contains("withoutReadAhead"), error.getMessage());
  }

  @Test
  void theEndOfTheStreamHasNeitherBytesNorFiles() throws IOException {
    here.shutdown(StreamSocket.SHUT_WR);
    try (ReceivedFds received = there.recvFds(10, 1)) {
      assertEquals(0, received.data().length);
      assertEquals(0, received.fds().size());
    }
    there.sendall("still open");
    assertArrayEquals(bytes("still open"), here.recv(100));
  }

  @Test
  void waitingEndsWithTheTimeOrNeverBegins() {
    there.settimeout(Duration.ofMillis(1));
    assertThrows(SocketTimeoutException.class, () -> there.recvFds(1, 1));
    there.settimeout(Duration.ZERO);
    assertThrows(WouldBlockException.class, () -> there.recvFds(1, 1));
  }

  @Test
  void closingEndsAWaitInAnotherThread() throws Exception {
    there.settimeout(null);
    Thread reader =
        Background.start(
            "receives", () -> assertThrows(IOException.class, () -> there.recvFds(1, 1)));
    Eventually.waitsIn(reader, "recvFds");
    there.close();
    Eventually.ends(reader);
  }

  @Test
  void aClosedDescriptorCannotBeSent() throws IOException {
    FileInputStream one = file("one", "1");
    FileDescriptor fd = one.getFD();
    one.close();
    IOException error = assertThrows(IOException.class, () -> here.sendFds(bytes("x"), fd));
    assertTrue(error.getMessage().contains("closed"), error.getMessage());
    here.sendall("goes on");
    assertArrayEquals(bytes("goes on"), there.recv(100));
  }

  @Test
  void nothingToSendOrTooMuchIsRefused() throws IOException {
    try (var one = file("one", "1")) {
      FileDescriptor fd = one.getFD();
      assertThrows(IllegalArgumentException.class, () -> here.sendFds(new byte[0], fd));
      assertThrows(IllegalArgumentException.class, () -> here.sendFds(bytes("x")));
      FileDescriptor[] many = new FileDescriptor[254];
      java.util.Arrays.fill(many, fd);
      assertThrows(IllegalArgumentException.class, () -> here.sendFds(bytes("x"), many));
      assertThrows(IllegalArgumentException.class, () -> there.recvFds(0, 1));
      assertThrows(IllegalArgumentException.class, () -> there.recvFds(1, -1));
    }
  }

  @Test
  void overTcpThereAreNone() throws IOException {
    try (var tcp = new ListenerSocket(StandardProtocolFamily.INET)) {
      tcp.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      tcp.listen(1);
      try (var client = StreamSocket.connect(tcp.getsockname());
          var one = file("one", "1")) {
        FileDescriptor fd = one.getFD();
        assertThrows(UnsupportedOperationException.class, () -> client.sendFds(bytes("x"), fd));
        assertThrows(UnsupportedOperationException.class, () -> client.recvFds(1, 1));
        assertThrows(UnsupportedOperationException.class, client::peerCredentials);
      }
    }
  }

  /** A number that was closed by its owner is soon another file's. */
  @Test
  void closingTheConnectionClosesNoFileThatGotTheNumberOfAReceivedOne() throws IOException {
    try (var one = file("one", "1")) {
      here.sendFds(bytes("x"), one.getFD());
    }
    ReceivedFds received = there.recvFds(1, 1);
    new FileInputStream(received.fds().get(0)).close();
    assertFalse(received.fds().get(0).valid());
    FileInputStream[] others = new FileInputStream[20];
    for (int i = 0; i < others.length; i++) {
      others[i] = file("other" + i, "other " + i);
    }

    there.close();
    received.close();
    here.close();
    listener.close();

    for (int i = 0; i < others.length; i++) {
      try (var other = others[i]) {
        assertEquals("other " + i, new String(other.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void aThousandPassesLeaveNothingOpen() throws IOException {
    Descriptors.assumeCountable();
    try (var one = file("one", "1")) {
      here.sendFds(bytes("x"), one.getFD());
      there.recvFds(1, 1).close();
      int before = Descriptors.open();
      for (int i = 0; i < 1000; i++) {
        here.sendFds(bytes("x"), one.getFD(), one.getFD());
        there.recvFds(1, i % 3).close();
      }
      assertEquals(before, Descriptors.open());
    }
  }

  @Test
  void descriptorsForWhichNobodyAsksAreNotLeftOpen() throws IOException {
    Descriptors.assumeCountable();
    try (var one = file("one", "1")) {
      here.sendFds(bytes("x"), one.getFD());
      assertArrayEquals(bytes("x"), there.recv(1));
      int before = Descriptors.open();
      for (int i = 0; i < 100; i++) {
        here.sendFds(bytes("x"), one.getFD());
        assertArrayEquals(bytes("x"), there.recv(1));
      }
      assertEquals(before, Descriptors.open());
    }
  }
}
