package socketserver.unix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.BaseRequestHandler;
import socketserver.ReceivedFds;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.UnixStreamServer;
import socketserver.WouldBlockException;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Child;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;

/** Passing descriptors: what arrives, who owns it, and that nothing is left or closed twice. */
@Timeout(120)
class DescriptorPassingTest {
  /** More than enough for the tests. */
  private static final int MOST = 253;

  @TempDir Path folder;

  private UnixStreamServer server;

  @BeforeEach
  void listen() throws IOException {
    server = Ends.server(folder.resolve("s"));
  }

  @AfterEach
  void closeServer() {
    server.serverClose();
  }

  // What arrives

  @Test
  void aDescriptorPassesFromTheClientToTheServer() throws Exception {
    try (Ends ends = Ends.of(server);
        FileInputStream file = new FileInputStream(write("f", "hello").toFile())) {
      assertEquals(1, ends.client.sendFds(bytes("x"), file.getFD()));
      try (ReceivedFds received = ends.accepted.recvFds(10, 1)) {
        assertArrayEquals(bytes("x"), received.data());
        assertEquals("hello", content(received.fds().get(0)));
      }
    }
  }

  @Test
  void aDescriptorPassesFromTheServerToTheClient() throws Exception {
    try (Ends ends = Ends.of(server);
        FileInputStream file = new FileInputStream(write("f", "hello").toFile())) {
      assertEquals(1, ends.accepted.sendFds(bytes("x"), file.getFD()));
      try (ReceivedFds received = ends.client.recvFds(10, 1)) {
        assertArrayEquals(bytes("x"), received.data());
        assertEquals("hello", content(received.fds().get(0)));
      }
    }
  }

  @Test
  void severalDescriptorsKeepTheirOrderAndTheirBytes() throws Exception {
    try (Ends ends = Ends.of(server);
        FileInputStream a = new FileInputStream(write("a", "first").toFile());
        FileInputStream b = new FileInputStream(write("b", "second").toFile());
        FileInputStream c = new FileInputStream(write("c", "third").toFile())) {
      assertEquals(5, ends.client.sendFds(bytes("three"), a.getFD(), b.getFD(), c.getFD()));
      try (ReceivedFds received = ends.accepted.recvFds(100, 3)) {
        assertArrayEquals(bytes("three"), received.data());
        assertEquals(3, received.fds().size());
        assertEquals("first", content(received.fds().get(0)));
        assertEquals("second", content(received.fds().get(1)));
        assertEquals("third", content(received.fds().get(2)));
      }
    }
  }

  @Test
  void asManyAsTheSystemPassesAtOnceArrive() throws Exception {
    Descriptors.assumeCountable();
    try (Ends ends = Ends.of(server);
        FileInputStream file = new FileInputStream(write("f", "hello").toFile())) {
      FileDescriptor[] all = new FileDescriptor[MOST];
      Arrays.fill(all, file.getFD());
      ends.client.sendFds(bytes("warm"), file.getFD());
      ends.accepted.recvFds(10, 1).close();
      int before = Descriptors.open();
      ends.client.sendFds(bytes("x"), all);
      try (ReceivedFds received = ends.accepted.recvFds(10, MOST)) {
        assertEquals(MOST, received.fds().size());
        assertEquals(before + MOST, Descriptors.open());
      }
      assertEquals(before, Descriptors.open());
    }
  }

  @Test
  void descriptorsBeyondTheMostThatIsAskedForAreClosed() throws Exception {
    Descriptors.assumeCountable();
    try (Ends ends = Ends.of(server);
        FileInputStream a = new FileInputStream(write("a", "first").toFile());
        FileInputStream b = new FileInputStream(write("b", "second").toFile())) {
      ends.client.sendFds(bytes("warm"), a.getFD());
      ends.accepted.recvFds(10, 1).close();
      int before = Descriptors.open();
      ends.client.sendFds(bytes("x"), a.getFD(), b.getFD(), b.getFD());
      try (ReceivedFds received = ends.accepted.recvFds(10, 1)) {
        assertEquals(1, received.fds().size());
        assertEquals(before + 1, Descriptors.open());
        assertEquals("first", content(received.fds().get(0)));
      }
      ends.client.sendFds(bytes("y"), a.getFD(), b.getFD());
      try (ReceivedFds received = ends.accepted.recvFds(10, 0)) {
        assertArrayEquals(bytes("y"), received.data());
        assertEquals(List.of(), received.fds());
      }
      assertEquals(before, Descriptors.open());
    }
  }

  @Test
  void plainReadsAndReadsOfDescriptorsMix() throws Exception {
    try (Ends ends = Ends.of(server);
        FileInputStream a = new FileInputStream(write("a", "first").toFile());
        FileInputStream b = new FileInputStream(write("b", "second").toFile())) {
      ends.client.sendall("one\n");
      ends.client.sendFds(bytes("A"), a.getFD());
      ends.client.sendall("two\n");
      ends.client.sendFds(bytes("B"), b.getFD());
      ends.client.shutdown(StreamSocket.SHUT_WR);
      assertArrayEquals(bytes("one\n"), ends.accepted.recv(4));
      try (ReceivedFds received = ends.accepted.recvFds(1, 1)) {
        assertArrayEquals(bytes("A"), received.data());
        assertEquals("first", content(received.fds().get(0)));
      }
      try (var file = ends.accepted.makefileReader(0)) {
        assertEquals("two\n", file.readline(StandardCharsets.UTF_8));
      }
      try (ReceivedFds received = ends.accepted.recvFds(100, 1)) {
        assertArrayEquals(bytes("B"), received.data());
        assertEquals("second", content(received.fds().get(0)));
      }
      try (ReceivedFds received = ends.accepted.recvFds(100, 1)) {
        assertEquals(0, received.data().length);
        assertEquals(List.of(), received.fds());
      }
    }
  }

  @Test
  void descriptorsGoAfterWhatWasWrittenBefore() throws Exception {
    byte[] much = new byte[1 << 20];
    Arrays.fill(much, (byte) 'm');
    try (Ends ends = Ends.of(server);
        FileInputStream file = new FileInputStream(write("f", "hello").toFile())) {
      Thread sender =
          Background.start(
              "sends",
              () -> {
                ends.client.sendall(much);
                ends.client.sendFds(bytes("x"), file.getFD());
              });
      assertArrayEquals(much, ends.accepted.recv(much.length, StreamSocket.MSG_WAITALL));
      try (ReceivedFds received = ends.accepted.recvFds(10, 1)) {
        assertArrayEquals(bytes("x"), received.data());
        assertEquals("hello", content(received.fds().get(0)));
      }
      Eventually.ends(sender);
    }
  }

  @Test
  void aConnectionThatHasReadAndWaitedStillReceives() throws Exception {
    try (Ends ends = Ends.of(server);
        FileInputStream file = new FileInputStream(write("f", "hello").toFile())) {
      ends.accepted.settimeout(Duration.ofMillis(1));
      assertThrows(SocketTimeoutException.class, () -> ends.accepted.recv(1));
      ends.accepted.settimeout(Bounds.WAIT);
      ends.client.sendall("x");
      assertArrayEquals(bytes("x"), ends.accepted.recv(1));
      ends.client.sendFds(bytes("y"), file.getFD());
      try (ReceivedFds received = ends.accepted.recvFds(1, 1)) {
        assertArrayEquals(bytes("y"), received.data());
        assertEquals(1, received.fds().size());
      }
    }
  }

  @Test
  void aConnectionOfTheInternetRefuses() throws Exception {
    try (TCPServer tcp = new TCPServer(RunningServer.anyPort(), DescriptorPassingTest::neverAsked);
        StreamSocket client = StreamSocket.connect(tcp.serverAddress());
        FileInputStream file = new FileInputStream(write("f", "hello").toFile())) {
      assertThrows(
          UnsupportedOperationException.class, () -> client.sendFds(bytes("x"), file.getFD()));
      assertThrows(UnsupportedOperationException.class, () -> client.recvFds(1, 1).close());
    }
  }

  // What a descriptor is good for

  @Test
  void aPassedFileCanBeReadAndWritten() throws Exception {
    Path path = write("f", "old");
    try (Ends ends = Ends.of(server)) {
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
        ends.client.sendFds(bytes("x"), file.getFD());
      }
      try (ReceivedFds received = ends.accepted.recvFds(1, 1);
          FileOutputStream out = new FileOutputStream(received.fds().get(0))) {
        assertEquals("old", content(received.fds().get(0)));
        out.write(bytes("new"));
      }
    }
    assertEquals("oldnew", Files.readString(path));
  }

  @Test
  void theSendersDescriptorStaysOpen() throws Exception {
    try (Ends ends = Ends.of(server);
        FileInputStream file = new FileInputStream(write("f", "hello").toFile())) {
      ends.client.sendFds(bytes("x"), file.getFD());
      ends.accepted.recvFds(1, 1).close();
      ends.client.close();
      assertTrue(file.getFD().valid());
      assertEquals("hello", new String(file.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void aClosedDescriptorIsRefusedAndTheConnectionGoesOn() throws Exception {
    try (Ends ends = Ends.of(server)) {
      FileDescriptor closed;
      try (FileInputStream file = new FileInputStream(write("f", "hello").toFile())) {
        closed = file.getFD();
      }
      IOException refused =
          assertThrows(IOException.class, () -> ends.client.sendFds(bytes("x"), closed));
      assertEquals("cannot pass a descriptor that is closed", refused.getMessage());
      ends.client.sendall("y");
      assertArrayEquals(bytes("y"), ends.accepted.recv(1));
    }
  }

  // Ownership

  @Test
  void nothingIsClosedThatGotANumberWhichWasReceivedBefore() throws Exception {
    Path other = folder.resolve("other");
    try (FileInputStream file = new FileInputStream(write("f", "hello").toFile())) {
      Ends ends = Ends.of(server);
      ends.client.sendFds(bytes("x"), file.getFD());
      ReceivedFds received = ends.accepted.recvFds(1, 1);
      try (FileInputStream wrapper = new FileInputStream(received.fds().get(0))) {
        assertEquals('h', wrapper.read());
      }
      assertFalse(received.fds().get(0).valid());
      // the lowest free numbers: what was received is among them
      FileOutputStream[] others = new FileOutputStream[8];
      for (int i = 0; i < others.length; i++) {
        others[i] = new FileOutputStream(other.toFile(), true);
      }
      received.close();
      ends.close();
      received.close();
      server.serverClose();
      System.gc(); // nor does what collects forgotten sockets
      for (FileOutputStream out : others) {
        out.write(bytes("intact."));
        out.close();
      }
    }
    assertEquals("intact.".repeat(8), Files.readString(other));
  }

  @Test
  void closingTheConnectionLeavesWhatWasReceivedOpen() throws Exception {
    try (FileInputStream file = new FileInputStream(write("f", "hello").toFile())) {
      Ends ends = Ends.of(server);
      ends.client.sendFds(bytes("x"), file.getFD());
      try (ReceivedFds received = ends.accepted.recvFds(1, 1)) {
        ends.close();
        assertEquals("hello", content(received.fds().get(0)));
      }
    }
  }

  @Test
  void closingTwiceClosesOnce() throws Exception {
    try (Ends ends = Ends.of(server);
        FileInputStream file = new FileInputStream(write("f", "hello").toFile())) {
      ends.client.sendFds(bytes("x"), file.getFD());
      ReceivedFds received = ends.accepted.recvFds(1, 1);
      received.close();
      assertFalse(received.fds().get(0).valid());
      try (FileInputStream next = new FileInputStream(folder.resolve("f").toFile())) {
        received.close();
        assertEquals('h', next.read());
      }
    }
  }

  @Test
  void aThousandPassesLeaveNothingOpen() throws Exception {
    Descriptors.assumeCountable();
    try (FileInputStream file = new FileInputStream(write("f", "hello").toFile())) {
      passOnceEachWay(file.getFD());
      int before = Descriptors.open();
      for (int i = 0; i < 500; i++) {
        passOnceEachWay(file.getFD());
      }
      Eventually.holds(
          () -> "no more than " + before + " are open; there are " + Descriptors.open(),
          () -> Descriptors.open() <= before);
    }
  }

  private void passOnceEachWay(FileDescriptor fd) throws IOException {
    try (Ends ends = Ends.of(server)) {
      ends.client.sendFds(bytes("x"), fd);
      ends.accepted.recvFds(1, 1).close();
      ends.accepted.sendFds(bytes("y"), fd);
      ends.client.recvFds(1, 1).close();
    }
  }

  @Test
  void aProcessThatCanOpenFewMoreKeepsNoneOfThoseThatItCouldNotReceive() throws Exception {
    Descriptors.assumeCountable();
    try (Child child =
        Child.startWithin(256, Short.class, List.of(), folder.resolve("short").toString())) {
      assertEquals("none is left open", child.hear());
      assertEquals("the next arrive", child.hear());
      child.awaitEnd();
    }
  }

  /** Receives with room for none, one, two... descriptors too few. */
  static final class Short {
    private static final int PASSED = 8;

    private Short() {}

    public static void main(String[] arguments) throws Exception {
      try (UnixStreamServer server = Ends.server(Path.of(arguments[0]));
          FileInputStream file = new FileInputStream("/dev/null")) {
        FileDescriptor[] passed = new FileDescriptor[PASSED];
        Arrays.fill(passed, file.getFD());
        // whatever is loaded for an error is loaded now
        receive(server, passed, Integer.MAX_VALUE);
        receive(server, passed, 0);
        int before = Descriptors.open();
        for (int room = 1; room < 3 * PASSED; room++) {
          receive(server, passed, room);
        }
        Eventually.holds(
            () -> "of " + Descriptors.open() + " descriptors " + before + " are left open",
            () -> Descriptors.open() <= before);
        Child.tell("none is left open");
        receive(server, passed, Integer.MAX_VALUE);
        Child.tell("the next arrive");
      }
    }

    /** Receives while at most so many descriptors are free. */
    private static void receive(UnixStreamServer server, FileDescriptor[] passed, int room)
        throws IOException {
      Deque<FileInputStream> fillers = new ArrayDeque<>();
      try (Ends ends = Ends.of(server)) {
        ends.client.sendFds(bytes("x"), passed);
        if (room < Integer.MAX_VALUE) {
          fill(fillers);
        }
        for (int i = 0; i < room && !fillers.isEmpty(); i++) {
          fillers.pop().close();
        }
        ends.accepted.recvFds(10, PASSED).close();
      } catch (IOException e) {
        if (room > 2 * PASSED) {
          throw e;
        }
      } finally {
        for (FileInputStream filler : fillers) {
          filler.close();
        }
      }
    }

    private static void fill(Deque<FileInputStream> fillers) {
      try {
        while (true) {
          fillers.push(new FileInputStream("/dev/null"));
        }
      } catch (IOException e) {
        // no more
      }
    }
  }

  @Test
  void descriptorsForAHandlerThatNeverAsksAreNotKept() throws Exception {
    Descriptors.assumeCountable();
    try (FileInputStream file = new FileInputStream(write("f", "hello").toFile())) {
      FileDescriptor[] many = new FileDescriptor[100];
      Arrays.fill(many, file.getFD());
      passUnasked(many);
      int before = Descriptors.open();
      for (int i = 0; i < 50; i++) {
        passUnasked(many);
      }
      Eventually.holds(
          () -> "no more than " + before + " are open; there are " + Descriptors.open(),
          () -> Descriptors.open() <= before);
    }
  }

  private void passUnasked(FileDescriptor[] fds) throws IOException {
    try (Ends ends = Ends.of(server)) {
      ends.client.sendFds(bytes("x"), fds);
      assertArrayEquals(bytes("x"), ends.accepted.recv(10));
      ends.client.sendFds(bytes("y"), fds); // never read
    }
    try (Ends ends = Ends.of(server)) {
      ends.client.sendFds(bytes("x"), fds);
      assertArrayEquals(bytes("x"), ends.accepted.recv(10));
    }
  }

  // Waiting

  @Test
  void receivingKeepsToTheTimeOut() throws Exception {
    try (Ends ends = Ends.of(server)) {
      ends.accepted.settimeout(Duration.ofMillis(1));
      assertThrows(SocketTimeoutException.class, () -> ends.accepted.recvFds(1, 1).close());
      ends.accepted.setblocking(false);
      assertThrows(WouldBlockException.class, () -> ends.accepted.recvFds(1, 1).close());
    }
  }

  @Test
  void sendingKeepsToTheTimeOutWhileThereIsNoRoom() throws Exception {
    try (Ends ends = Ends.of(server);
        FileInputStream file = new FileInputStream(write("f", "hello").toFile())) {
      ends.client.setblocking(false);
      byte[] chunk = new byte[4096];
      assertThrows(
          WouldBlockException.class,
          () -> {
            while (true) {
              ends.client.send(chunk);
            }
          });
      assertThrows(WouldBlockException.class, () -> ends.client.sendFds(bytes("x"), file.getFD()));
      ends.client.settimeout(Duration.ofMillis(1));
      assertThrows(
          SocketTimeoutException.class, () -> ends.client.sendFds(bytes("x"), file.getFD()));
    }
  }

  @Test
  void sendingKeepsToTheTimeOut() throws Exception {
    try (Ends ends = Ends.of(server);
        FileInputStream file = new FileInputStream(write("f", "hello").toFile())) {
      ends.client.setblocking(false);
      byte[] chunk = new byte[4096];
      assertThrows(
          WouldBlockException.class,
          () -> {
            while (true) {
              ends.client.sendFds(chunk, file.getFD());
            }
          });
      Background.result(
          Background.ask(
              "passes",
              () ->
                  assertThrows(
                      WouldBlockException.class,
                      () -> ends.client.sendFds(bytes("x"), file.getFD()))));
    }
  }

  @Test
  void closingEndsAReceiverThatWaits() throws Exception {
    try (Ends ends = Ends.of(server)) {
      CompletableFuture<Thread> receiver = new CompletableFuture<>();
      CompletableFuture<IOException> ended =
          Background.ask(
              "receives",
              () -> {
                receiver.complete(Thread.currentThread());
                return assertThrows(IOException.class, () -> ends.accepted.recvFds(1, 1).close());
              });
      Eventually.waitsIn(Background.result(receiver), "recvFds");
      ends.accepted.close();
      Background.result(ended);
    }
  }

  @Test
  void anInterruptEndsAReceiverThatWaitsAndStaysKnown() throws Exception {
    try (Ends ends = Ends.of(server)) {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      CompletableFuture<Boolean> flag = new CompletableFuture<>();
      Thread receiver =
          Background.start(
              "receives",
              () -> {
                try {
                  ends.accepted.recvFds(1, 1).close();
                } catch (InterruptedIOException e) {
                  failure.set(e);
                }
                flag.complete(Thread.currentThread().isInterrupted());
              });
      Eventually.waitsIn(receiver, "recvFds");
      receiver.interrupt();
      assertTrue(Background.result(flag));
      assertTrue(failure.get() instanceof InterruptedIOException, () -> "was " + failure.get());
    }
  }

  @Test
  void aThreadThatIsInterruptedAlreadyPassesWhatNeedsNoWaiting() throws Exception {
    try (Ends ends = Ends.of(server);
        FileInputStream file = new FileInputStream(write("f", "hello").toFile())) {
      Background.result(
          Background.ask(
              "interrupted",
              () -> {
                Thread.currentThread().interrupt();
                assertEquals(1, ends.client.sendFds(bytes("x"), file.getFD()));
                try (ReceivedFds received = ends.accepted.recvFds(10, 1)) {
                  assertArrayEquals(bytes("x"), received.data());
                  assertEquals(1, received.fds().size());
                }
                assertThrows(InterruptedIOException.class, () -> ends.accepted.recvFds(10, 1));
                assertTrue(Thread.currentThread().isInterrupted());
                return null;
              }));
      // and the connection lives
      ends.accepted.sendFds(bytes("y"), file.getFD());
      try (ReceivedFds received = ends.client.recvFds(10, 1)) {
        assertEquals("hello", content(received.fds().get(0)));
      }
    }
  }

  // Python

  @Test
  void pythonPassesTheEndsOfAPipe() throws Exception {
    Process python =
        Python.start(
            """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX)
            s.connect(sys.argv[1])
            r, w = os.pipe()
            print(socket.send_fds(s, [b'ends'], [r, w]))
            os.close(r), os.close(w)
            print(s.recv(10))
            """,
            folder.resolve("s"));
    try (StreamSocket accepted = server.getRequest().request();
        ReceivedFds received = accepted.recvFds(100, 2)) {
      assertArrayEquals(bytes("ends"), received.data());
      FileDescriptor reading = received.fds().get(0);
      try (FileOutputStream out = new FileOutputStream(received.fds().get(1))) {
        out.write(bytes("through the pipe"));
      }
      assertEquals("through the pipe", content(reading));
      accepted.sendall("done");
    }
    assertEquals("4\nb'done'\n", Python.output(python));
  }

  @Test
  void pythonReceivesWhatIsPassed() throws Exception {
    Process python =
        Python.start(
            """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX)
            s.connect(sys.argv[1])
            data, fds, flags, address = socket.recv_fds(s, 100, 5)
            print(data, len(fds), *[os.pread(fd, 100, 0) for fd in fds])
            """,
            folder.resolve("s"));
    try (StreamSocket accepted = server.getRequest().request();
        FileInputStream a = new FileInputStream(write("a", "first").toFile());
        FileInputStream b = new FileInputStream(write("b", "second").toFile())) {
      accepted.sendFds(bytes("two"), a.getFD(), b.getFD());
      assertEquals("b'two' 2 b'first' b'second'\n", Python.output(python));
    }
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What can be read of it to its end; not closed, as that is its owner's business. */
  private static String content(FileDescriptor fd) throws IOException {
    FileInputStream in = new FileInputStream(fd);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    // readAllBytes() looks for the position first, which a pipe has not
    for (int b = in.read(); b >= 0; b = in.read()) {
      all.write(b);
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  private static BaseRequestHandler<StreamSocket> neverAsked() {
    throw new AssertionError("nobody serves within " + Bounds.WAIT);
  }
}
