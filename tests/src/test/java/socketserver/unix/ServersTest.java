package socketserver.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.BaseServer;
import socketserver.DgramSocket;
import socketserver.ThreadingUnixDatagramServer;
import socketserver.ThreadingUnixStreamServer;
import socketserver.UnixAddress;
import socketserver.UnixStreamServer;
import socketserver.contract.Peer;
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
  void aPortIsNothingThatAUnixServerHas() throws IOException {
    try (UnixStreamServer server = new UnixStreamServer(path("x"), Echo::new)) {
      RuntimeException error = assertThrows(RuntimeException.class, server::serverPort);
      assertTrue(error.getMessage().contains(path("x").toString()), error.getMessage());
    }
  }
}
