package socketserver.unix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.Accepted;
import socketserver.BaseServer;
import socketserver.DgramSocket;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.ThreadingUnixDatagramServer;
import socketserver.ThreadingUnixStreamServer;
import socketserver.UnixAddress;
import socketserver.UnixStreamServer;
import socketserver.contract.Pattern;
import socketserver.contract.Peer;
import socketserver.contract.PendingCall;
import socketserver.contract.Remains;
import socketserver.contract.UnixStreams;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.fixture.RequestThreads;
import socketserver.fixture.RunningServer;

/** Unix servers as wholes: what is left when they have closed, and who can write to whom. */
@Timeout(60)
class ServersTest {
  @TempDir Path folder;

  @AfterEach
  void nothingIsLeft() {
    Remains.awaitNoEngine();
    RequestThreads.awaitNone();
  }

  private Path path(String name) {
    return folder.resolve(name);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private ThreadingUnixStreamServer tidyStream(String name) throws IOException {
    ThreadingUnixStreamServer server = new ThreadingUnixStreamServer(path(name), Echo::new);
    server.unlinkOnClose(true);
    return server;
  }

  private ThreadingUnixDatagramServer tidyDatagram(String name) throws IOException {
    ThreadingUnixDatagramServer server =
        new ThreadingUnixDatagramServer(path(name), DatagramEcho::new);
    server.unlinkOnClose(true);
    return server;
  }

  private static void assertEchoes(Peer peer, String line) throws IOException {
    peer.send(line);
    assertEquals(line, peer.receiveText(line.length()));
  }

  private void serveOnce() throws IOException {
    try (var server = RunningServer.start(tidyStream("s"));
        Peer peer = UnixStreams.peer(path("s"))) {
      assertNotNull(server.server().serverAddress());
      assertEchoes(peer, "x\n");
    }
    try (var server = RunningServer.start(tidyDatagram("d"));
        DgramSocket client = new DgramSocket(java.net.StandardProtocolFamily.UNIX)) {
      client.bind(UnixAddress.of(path("c")));
      client.sendto("x", server.server().serverAddress());
      assertEquals(1, client.recvfrom(10).data().length);
    } finally {
      Files.delete(path("c"));
    }
  }

  @Test
  void nothingIsLeftOfServersThatHaveClosed() throws IOException {
    Descriptors.assumeCountable();
    serveOnce();
    Remains.awaitNoEngine();
    int before = Descriptors.open();
    for (int i = 0; i < 5; i++) {
      serveOnce();
      assertEquals(List.of(), Remains.threads(), "threads after serverClose()");
    }
    RequestThreads.awaitNone();
    Eventually.holds("no descriptor is left", () -> Descriptors.open() <= before);
    assertEquals(List.of(), files());
  }

  @Test
  void twoHundredServersOneAfterTheOtherLeaveNothing() throws IOException {
    Descriptors.assumeCountable();
    serveOnce();
    Remains.awaitNoEngine();
    int descriptors = Descriptors.open();
    for (int i = 0; i < 200; i++) {
      try (BaseServer<?> stream = tidyStream("s");
          BaseServer<?> datagram = tidyDatagram("d")) {
        if (i % 10 == 0) {
          UnixStreams.peer(path("s")).close();
        }
        assertEquals(UnixAddress.of(path("s")), stream.serverAddress());
        assertEquals(UnixAddress.of(path("d")), datagram.serverAddress());
      }
    }
    assertEquals(List.of(), Remains.threads());
    Eventually.holds("no descriptor is left", () -> Descriptors.open() <= descriptors);
    assertEquals(List.of(), files());
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsLeftWhenTheConstructorFails(Form form) throws IOException {
    Descriptors.assumeCountable();
    serveOnce();
    Remains.awaitNoEngine();
    int before = Descriptors.open();
    String nowhere = path("missing").resolve("x").toString();
    for (int i = 0; i < 10; i++) {
      assertThrows(BindException.class, () -> form.bind(nowhere));
    }
    assertEquals(List.of(), Remains.threads());
    Eventually.holds("no descriptor is left", () -> Descriptors.open() <= before);
    assertEquals(List.of(), files());
  }

  @Test
  void aServerThatCannotBeActivatedIsClosed() throws IOException {
    class Unwilling extends UnixStreamServer {
      Unwilling() throws IOException {
        super(path("x"), Echo::new);
      }

      @Override
      public void serverActivate() throws IOException {
        super.serverActivate();
        throw new IllegalStateException("not today");
      }
    }
    assertThrows(IllegalStateException.class, Unwilling::new);
    assertEquals(List.of(), Remains.threads());
    assertThrows(IOException.class, () -> UnixStreams.peer(path("x")));
  }

  @Test
  void closeOfOneServerLeavesTheOtherAlone() throws IOException {
    try (var other = RunningServer.start(tidyStream("other"));
        Peer peer = UnixStreams.peer(path("other"))) {
      assertEchoes(peer, "before\n");
      serveOnce();
      assertEchoes(peer, "after\n");
      assertEquals(UnixAddress.of(path("other")), other.server().serverAddress());
    }
  }

  @Test
  void aConnectionThatWasTakenElsewhereOutlivesItsServer() throws Exception {
    StreamSocket kept;
    Peer peer;
    try (UnixStreamServer server = new UnixStreamServer(path("x"), Echo::new)) {
      peer = UnixStreams.peer(path("x"));
      Accepted<StreamSocket> accepted = server.getRequest();
      assertEquals(UnixAddress.UNNAMED, accepted.clientAddress());
      kept = accepted.request();
    }
    try (peer;
        kept) {
      kept.sendall("still here\n");
      assertEquals("still here\n", peer.receiveText(11));
    }
  }

  @Test
  void whatAHandlerSentArrivesAlsoWhenItAndItsServerHaveEnded() throws Exception {
    byte[] data = Pattern.bytes(1 << 20);
    CountDownLatch handled = new CountDownLatch(1);
    class Sender extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        wfile.write(data);
      }

      @Override
      public void finish() throws Exception {
        super.finish();
        handled.countDown();
      }
    }
    Peer peer;
    byte[] begin;
    try (var server = RunningServer.start(new ThreadingUnixStreamServer(path("x"), Sender::new))) {
      assertNotNull(server.server().serverAddress());
      peer = UnixStreams.peer(path("x"));
      // what the buffers do not hold, so that the handler can end
      begin = peer.receive(data.length - 50_000);
      Pattern.check(begin, begin.length, 0);
      Eventually.opens("the handler ends", handled);
    }
    try (peer) {
      byte[] rest = peer.receiveAll();
      assertEquals(50_000, rest.length);
      Pattern.check(rest, rest.length, begin.length);
    }
  }

  @Test
  void datagramServersAnswerManyClientsAtOnce() throws Exception {
    try (var server = RunningServer.start(tidyDatagram("d"))) {
      List<PendingCall<Void>> clients = new ArrayList<>();
      for (int c = 0; c < 8; c++) {
        String name = "client" + c;
        clients.add(
            PendingCall.run(
                () -> {
                  try (DgramSocket client = new DgramSocket(java.net.StandardProtocolFamily.UNIX)) {
                    client.bind(UnixAddress.of(path(name)));
                    for (int i = 0; i < 50; i++) {
                      client.sendto(name + i, server.server().serverAddress());
                      byte[] expected = (name + i).getBytes(StandardCharsets.UTF_8);
                      assertArrayEquals(expected, client.recvfrom(100).data());
                    }
                  }
                }));
      }
      for (PendingCall<Void> client : clients) {
        client.result();
      }
    }
  }

  @Test
  void aPortIsNothingThatAUnixServerHas() throws IOException {
    try (UnixStreamServer server = new UnixStreamServer(path("x"), Echo::new)) {
      RuntimeException error = assertThrows(RuntimeException.class, server::serverPort);
      assertTrue(error.getMessage().contains(path("x").toString()), error.getMessage());
    }
  }
}
