package socketserver.unix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import socketserver.BaseServer;
import socketserver.DgramSocket;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.UnixAddress;
import socketserver.UnixDatagramServer;
import socketserver.UnixStreamServer;
import socketserver.contract.Peer;
import socketserver.contract.PendingCall;
import socketserver.contract.Remains;
import socketserver.contract.UnixStreams;
import socketserver.fixture.Bounds;
import socketserver.fixture.Child;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RunningServer;

/** The file of a server's socket, from before it is bound until after it has closed. */
@Timeout(60)
class SocketFileTest {
  @TempDir Path folder;

  @AfterEach
  void nothingIsLeft() {
    Remains.awaitNoEngine();
  }

  private Path path() {
    return folder.resolve("x.sock");
  }

  private static Object inode(Path path) throws IOException {
    return Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
  }

  private static void assertServes(Path path) throws IOException {
    try (Peer peer = UnixStreams.peer(path)) {
      peer.send("anybody?\n");
      assertEquals("anybody?\n", peer.receiveText(9));
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Leaves the file of a socket that nobody has open, made without the library. */
  private void leaveStale() throws IOException {
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(path()))
        .close();
    assertTrue(Files.exists(path()));
  }

  // Its end

  @ParameterizedTest
  @EnumSource
  void theFileStaysAfterClose(Form form) throws IOException {
    form.bind(path().toString()).close();
    assertTrue(Files.exists(path()));
    assertThrows(BindException.class, () -> form.bind(path().toString()));
    Files.delete(path());
    form.bind(path().toString()).close();
  }

  @Test
  void unlinkOnCloseRemovesIt() throws IOException {
    UnixStreamServer stream = new UnixStreamServer(path(), Echo::new);
    stream.unlinkOnClose(true);
    stream.close();
    assertEquals(List.of(), files());
    UnixDatagramServer datagram = new UnixDatagramServer(path(), DatagramEcho::new);
    datagram.unlinkOnClose(true);
    datagram.close();
    assertEquals(List.of(), files());
  }

  @Test
  void unlinkOnCloseCanBeOverridden() throws IOException {
    class Tidy extends UnixStreamServer {
      Tidy() throws IOException {
        super(path(), Echo::new);
      }

      @Override
      public boolean unlinkOnClose() {
        return true;
      }
    }
    new Tidy().close();
    assertEquals(List.of(), files());
  }

  @Test
  void unlinkOnCloseLeavesTheFileOfTheNextServer() throws IOException {
    UnixStreamServer first = new UnixStreamServer(path(), Echo::new);
    first.unlinkOnClose(true);
    Files.delete(path());
    try (var next = RunningServer.start(new UnixStreamServer(path(), Echo::new))) {
      first.close();
      assertServes(path());
      assertEquals(path().toString(), next.server().serverAddress().toString());
    }
  }

  @Test
  void unlinkOnCloseLeavesAFileThatIsNoSocket() throws IOException {
    UnixStreamServer server = new UnixStreamServer(path(), Echo::new);
    server.unlinkOnClose(true);
    Files.delete(path());
    Files.writeString(path(), "precious");
    server.close();
    assertEquals("precious", Files.readString(path()));
  }

  @Test
  void unlinkOnCloseMindsNoFileThatIsGone() throws IOException {
    UnixStreamServer server = new UnixStreamServer(path(), Echo::new);
    server.unlinkOnClose(true);
    Files.delete(path());
    try (LogCapture log = new LogCapture()) {
      server.close();
      assertEquals(List.of(), log.at(Level.WARN));
    }
  }

  @Test
  void unlinkOnCloseOfAServerThatWasNotBoundRemovesNothing() throws IOException {
    try (BaseServer<?> first = Form.STREAM.bind(path().toString())) {
      UnixStreamServer second = new UnixStreamServer(path(), Echo::new, false);
      second.unlinkOnClose(true);
      assertThrows(BindException.class, second::serverBind);
      second.close();
      assertTrue(Files.exists(path()), () -> "the file of " + first);
    }
  }

  // Taking over

  @ParameterizedTest
  @EnumSource
  void aStaleFileIsReplaced(Form form) throws IOException {
    leaveStale();
    form.replace(path().toString()).close();
    // and the file of this one, too, which is one of another form perhaps
    try (var server = RunningServer.start(Form.STREAM.replace(path().toString()))) {
      assertServes(path());
      assertEquals(List.of("x.sock"), files(), () -> "beside " + server);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatDoesNotExistNeedsNoReplacement(Form form) throws IOException {
    try (BaseServer<?> server = form.replace(path().toString())) {
      assertEquals(UnixAddress.of(path()), server.serverAddress());
    }
  }

  /** Tries to replace what is there, and checks that it is left as it is. */
  private void assertNotReplaced() throws IOException {
    Object before = inode(path());
    List<String> filesBefore = files();
    for (Form form : Form.values()) {
      BindException error =
          assertThrows(BindException.class, () -> form.replace(path().toString()).close());
      assertTrue(error.getMessage().contains(path().toString()), error.getMessage());
      assertTrue(error.getMessage().contains("in use"), error.getMessage());
      assertEquals(before, inode(path()));
      assertEquals(filesBefore, files());
    }
  }

  @Test
  void aServerThatServesIsNotReplaced() throws IOException {
    try (var server = RunningServer.start(Form.STREAM.bind(path().toString()))) {
      assertNotReplaced();
      assertServes(path());
      assertEquals(path().toString(), server.server().serverAddress().toString());
    }
  }

  @Test
  void aServerWhoseQueueIsFullIsNotReplaced() throws IOException {
    try (ServerSocketChannel busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      busy.bind(UnixDomainSocketAddress.of(path()), 1);
      List<Peer> waiting = new ArrayList<>();
      waiting.add(UnixStreams.peer(path()));
      waiting.add(UnixStreams.peer(path()));
      assertNotReplaced();
      for (Peer peer : waiting) {
        peer.close();
      }
    }
  }

  @Test
  void aSocketThatDoesNotListenYetIsNotReplaced() throws IOException {
    try (ListenerSocket bound = new ListenerSocket(StandardProtocolFamily.UNIX)) {
      bound.bind(UnixAddress.of(path()));
      assertNotReplaced();
      bound.listen(5);
      UnixStreams.peer(path()).close();
      bound.accept().close();
    }
  }

  @Test
  void aDatagramServerIsNotReplacedAndNoticesNothing() throws IOException {
    try (DgramSocket bound = new DgramSocket(StandardProtocolFamily.UNIX);
        DgramSocket client = new DgramSocket(StandardProtocolFamily.UNIX)) {
      bound.bind(UnixAddress.of(path()));
      assertNotReplaced();
      client.sendto("first", bound.getsockname());
      assertArrayEquals("first".getBytes(), bound.recvfrom(100).data());
    }
  }

  @Test
  void aFileThatIsNoSocketIsNotReplaced() throws IOException {
    Files.writeString(path(), "precious");
    assertNotReplaced();
    assertEquals("precious", Files.readString(path()));
    Files.delete(path());
    Files.createDirectory(path());
    assertNotReplaced();
    Files.delete(path());
    Files.createSymbolicLink(path(), folder.resolve("nowhere"));
    assertNotReplaced();
  }

  @ParameterizedTest
  @EnumSource
  void theRootIsNotReplaced(Form form) {
    BindException error = assertThrows(BindException.class, () -> form.replace("/").close());
    assertTrue(error.getMessage().contains("cannot bind /: "), error.getMessage());
  }

  @Test
  void ofServersThatRaceToReplaceAStaleFileOneIsBound() throws Exception {
    int servers = 8;
    for (int round = 0; round < 10; round++) {
      leaveStale();
      CyclicBarrier start = new CyclicBarrier(servers);
      List<PendingCall<BaseServer<?>>> racing = new ArrayList<>();
      for (int i = 0; i < servers; i++) {
        racing.add(
            PendingCall.call(
                () -> {
                  start.await();
                  return Form.STREAM.replace(path().toString());
                }));
      }
      List<BaseServer<?>> bound = new ArrayList<>();
      for (PendingCall<BaseServer<?>> racer : racing) {
        try {
          bound.add(racer.result());
        } catch (BindException e) {
          assertTrue(e.getMessage().contains("in use"), e.getMessage());
        }
      }
      try {
        assertEquals(1, bound.size(), "servers that think they are bound, in round " + round);
        try (var winner = RunningServer.start(bound.get(0))) {
          assertServes(path());
          assertEquals(List.of("x.sock"), files(), () -> "beside " + winner);
        }
      } finally {
        bound.forEach(BaseServer::serverClose);
        Files.deleteIfExists(path());
      }
    }
  }

  @Test
  void noAbstractNameKeepsAServerFromReplacingAStaleFile() throws IOException {
    leaveStale();
    // a name that everybody could work out, and take
    Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
    UUID place = UUID.nameUUIDFromBytes((key + "/x.sock").getBytes(StandardCharsets.UTF_8));
    try (ListenerSocket blocking = new ListenerSocket(StandardProtocolFamily.UNIX)) {
      blocking.bind(UnixAddress.of("\0socketserver.replace." + place));
      Form.STREAM.replace(path().toString()).close();
    }
  }

  @Test
  void aFileThatSomebodyElsePutWhereTheLockIsKeepsNoServerFromStarting() throws IOException {
    Path lock = folder.resolve(".x.sock.lock");
    Path target = folder.resolve("target");
    Files.createSymbolicLink(lock, target);
    leaveStale();
    try (LogCapture log = new LogCapture()) {
      Form.STREAM.replace(path().toString()).close();
      log.await(Level.WARN, "cannot lock " + lock);
    }
    assertEquals(List.of(".x.sock.lock", "x.sock"), files());
    assertTrue(Files.isSymbolicLink(lock));
  }

  @Test
  void aLockThatAProcessLeftIsTakenAndRemoved() throws IOException {
    Files.createFile(folder.resolve(".x.sock.lock"));
    leaveStale();
    Form.STREAM.replace(path().toString()).close();
    assertEquals(List.of("x.sock"), files());
  }

  // Its permissions

  private static Set<PosixFilePermission> mode(String text) {
    return PosixFilePermissions.fromString(text);
  }

  /** Binds a server whose file has a mode. */
  private static UnixStreamServer bound(Path path, String mode) throws IOException {
    UnixStreamServer server = new UnixStreamServer(path, Echo::new, false);
    try {
      server.fileMode(mode(mode));
      server.serverBind();
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  @Test
  void theFileHasTheModeThatWasAskedFor() throws IOException {
    for (String mode : new String[] {"rw-------", "rw-rw----", "rw-rw-rw-", "rwxrwxrwx"}) {
      try (UnixStreamServer server = bound(path(), mode)) {
        assertEquals(mode(mode), Files.getPosixFilePermissions(path()));
        server.unlinkOnClose(true);
      }
    }
  }

  @Test
  void aDatagramServersFileHasTheModeThatWasAskedFor() throws IOException {
    try (UnixDatagramServer server = new UnixDatagramServer(path(), DatagramEcho::new, false)) {
      server.fileMode(mode("rw-------"));
      server.serverBind();
      assertEquals(mode("rw-------"), Files.getPosixFilePermissions(path()));
    }
  }

  @Test
  void aModeThatWouldHaveToBeSetLaterIsRefusedWhereOthersCouldPutALinkThere() throws IOException {
    try (Child child = Child.startWithMask("022", Open.class, List.of(), folder.toString())) {
      String refused = child.hear();
      assertTrue(refused.contains("others may change " + folder), refused);
      assertTrue(refused.contains("umask"), refused);
      assertEquals("[]", child.hear());
      assertEquals("rw-r--r--", child.hear());
      child.awaitEnd();
    }
  }

  /** Binds in a folder that everybody may change: more than the umask leaves, and less. */
  static final class Open {
    private Open() {}

    public static void main(String[] arguments) throws IOException {
      Path folder = Path.of(arguments[0]);
      Files.setPosixFilePermissions(folder, mode("rwxrwxrwx"));
      Path path = folder.resolve("x.sock");
      Child.tell(
          assertThrows(IOException.class, () -> bound(path, "rw-rw-rw-").close()).getMessage());
      try (Stream<Path> files = Files.list(folder)) {
        Child.tell(files.toList());
      }
      bound(path, "rw-r--r--").close();
      Child.tell(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }
  }

  @Test
  void theModeIsFixedWhenTheServerIsBound() throws IOException {
    try (UnixStreamServer server = bound(path(), "rw-------")) {
      assertThrows(IllegalStateException.class, () -> server.fileMode(mode("rwxrwxrwx")));
      assertThrows(IllegalStateException.class, () -> server.replaceStale(true));
      assertEquals(mode("rw-------"), server.fileMode());
    }
  }

  @Test
  void noWiderModeIsEverSeen() throws Exception {
    // with no umask, so that nothing but the server narrows it
    try (Child child = Child.startWithMask("000", Binder.class, List.of(), path().toString())) {
      List<String> seen = new ArrayList<>();
      long deadline = System.nanoTime() + Bounds.WAIT.toNanos();
      while (seen.size() < 500 && System.nanoTime() < deadline) {
        note(seen);
      }
      child.say("enough");
      assertEquals("rw-------", child.hear());
      assertFalse(seen.isEmpty(), "the socket was never seen");
      assertEquals(Set.of("600"), Set.copyOf(seen));
      child.awaitEnd();
    }
  }

  /** Notes the permissions if there is a socket now. */
  private void note(List<String> seen) throws IOException {
    int type = 0170000;
    int socket = 0140000;
    try {
      int mode = (Integer) Files.getAttribute(path(), "unix:mode", LinkOption.NOFOLLOW_LINKS);
      if ((mode & type) == socket) {
        seen.add(Integer.toOctalString(mode & 0777));
      }
    } catch (java.nio.file.NoSuchFileException e) {
      // not yet, or not any more
    }
  }

  /** Binds again and again until it hears something, and tells the last mode. */
  static final class Binder {
    private Binder() {}

    public static void main(String[] arguments) throws IOException {
      Path path = Path.of(arguments[0]);
      Object last = null;
      while (System.in.available() == 0) {
        try (UnixStreamServer server = bound(path, "rw-------")) {
          last = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
          server.unlinkOnClose(true);
        }
      }
      Child.tell(last);
    }
  }

  @Test
  void theUmaskCountsOnlyWhereNoModeIsAskedFor() throws IOException {
    try (Child child = Child.startWithMask("077", Masked.class, List.of(), path().toString())) {
      assertEquals("rwx------", child.hear());
      assertEquals("rw-rw-rw-", child.hear());
      child.awaitEnd();
    }
  }

  /** Binds without a mode and with one. */
  static final class Masked {
    private Masked() {}

    public static void main(String[] arguments) throws IOException {
      Path path = Path.of(arguments[0]);
      try (UnixStreamServer server = new UnixStreamServer(path, Echo::new)) {
        Child.tell(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        server.unlinkOnClose(true);
      }
      try (UnixStreamServer server = bound(path, "rw-rw-rw-")) {
        Child.tell(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        server.unlinkOnClose(true);
      }
    }
  }

  // Addresses

  @Test
  void everyWayToSayAPathBindsIt() throws IOException {
    UnixAddress expected = UnixAddress.of(path());
    String text = path().toString();
    UnixDomainSocketAddress jdk = UnixDomainSocketAddress.of(path());
    List<UnixStreamServer> unbound =
        List.of(
            new UnixStreamServer(path(), Echo::new, false),
            new UnixStreamServer(text, Echo::new, false),
            new UnixStreamServer(jdk, Echo::new, false),
            new UnixStreamServer(expected, Echo::new, false));
    for (UnixStreamServer server : unbound) {
      server.unlinkOnClose(true);
      server.serverBind();
      server.serverActivate();
      assertEquals(expected, server.serverAddress());
      try (var running = RunningServer.start(server)) {
        assertServes(path());
        assertEquals(server, running.server());
      }
    }
    for (UnixDatagramServer server :
        List.of(
            new UnixDatagramServer(path(), DatagramEcho::new, false),
            new UnixDatagramServer(text, DatagramEcho::new, false),
            new UnixDatagramServer(jdk, DatagramEcho::new, false),
            new UnixDatagramServer(expected, DatagramEcho::new, false))) {
      server.unlinkOnClose(true);
      server.serverBind();
      assertEquals(expected, server.serverAddress());
      server.close();
    }
  }

  @Test
  void aPathOfManyAlphabetsIsBoundAndReached() throws IOException {
    NonAscii.assumeNames();
    Path path = folder.resolve("grün-日本-\uD83D\uDE00");
    try (var server = RunningServer.start(Form.STREAM.bind(path.toString()))) {
      assertServes(path);
      assertServes(UnixAddress.of(path));
      assertEquals(UnixAddress.of(path), server.server().serverAddress());
      assertEquals(List.of(path.getFileName().toString()), files());
    }
  }

  private UnixAddress abstractAddress() {
    return UnixAddress.of("\0" + folder.getFileName());
  }

  private static void assertServes(UnixAddress address) throws IOException {
    try (StreamSocket client = StreamSocket.connect(address)) {
      client.sendall("anybody?\n");
      byte[] answer = client.recv(9, StreamSocket.MSG_WAITALL);
      assertArrayEquals("anybody?\n".getBytes(), answer);
      assertEquals(address, client.getpeername());
      assertEquals(UnixAddress.UNNAMED, client.getsockname());
    }
  }

  @Test
  void anAbstractNameHasNoFileAndIsFreeAfterClose() throws IOException {
    UnixAddress address = abstractAddress();
    for (int i = 0; i < 3; i++) {
      try (var server = RunningServer.start(new UnixStreamServer(address, Echo::new))) {
        assertEquals(address, server.server().serverAddress());
        assertServes(address);
        assertEquals(List.of(), files());
      }
    }
  }

  @Test
  void anAbstractNameIsTheSameForOthers() throws IOException {
    UnixAddress address = abstractAddress();
    String name = address.path().substring(1);
    try (var server = RunningServer.start(new UnixStreamServer(address, Echo::new));
        var other = AFUNIXSocketChannel.open(AFUNIXSocketAddress.inAbstractNamespace(name))) {
      other.write(ByteBuffer.wrap("anybody?\n".getBytes()));
      ByteBuffer answer = ByteBuffer.allocate(9);
      while (answer.hasRemaining() && other.read(answer) >= 0) {
        // the rest is under way
      }
      assertEquals("anybody?\n", new String(answer.array()));
      assertEquals(address, server.server().serverAddress());
    }
  }

  @Test
  void theAttributesOfAFileMindNoAbstractName() throws IOException {
    UnixStreamServer server = new UnixStreamServer(abstractAddress(), Echo::new, false);
    server.replaceStale(true);
    server.unlinkOnClose(true);
    server.fileMode(mode("rw-------"));
    server.serverBind();
    server.serverActivate();
    try (var running = RunningServer.start(server)) {
      assertServes(abstractAddress());
      assertEquals(server, running.server());
    }
  }

  @Test
  void theEmptyNameIsOneOfTheSystemsChoice() throws IOException {
    try (var first = RunningServer.start(new UnixStreamServer("", Echo::new));
        var second = RunningServer.start(new UnixStreamServer("", Echo::new))) {
      UnixAddress address = (UnixAddress) first.server().serverAddress();
      assertTrue(address.isAbstract(), address.toString());
      assertNotEquals(address, second.server().serverAddress());
      assertServes(address);
      assertServes((UnixAddress) second.server().serverAddress());
    }
    try (UnixDatagramServer datagram = new UnixDatagramServer("", DatagramEcho::new)) {
      assertTrue(((UnixAddress) datagram.serverAddress()).isAbstract());
    }
  }
}
