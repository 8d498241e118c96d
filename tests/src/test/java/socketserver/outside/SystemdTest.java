package socketserver.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.DgramSocket;
import socketserver.SocketReader;
import socketserver.StreamSocket;
import socketserver.Systemd;
import socketserver.TCPServer;
import socketserver.UnixAddress;
import socketserver.fixture.Answering;
import socketserver.fixture.Bounds;
import socketserver.fixture.Child;
import socketserver.fixture.Eventually;
import socketserver.fixture.Processes;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** Services of systemd's: with {@code systemd-socket-activate}, and with a socket to notify. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class SystemdTest {
  private static final String ACTIVATE = "systemd-socket-activate";

  /** As systemd does with a FIFO: LISTEN_PID is the shell's number, and then the program's. */
  private static final String PASS_A_FILE =
      "export LISTEN_PID=$$ && exec 3</dev/null && exec \"$@\"";

  private static boolean activates;

  @TempDir private Path folder;

  @BeforeAll
  static void look() {
    try {
      Process asked = new ProcessBuilder(ACTIVATE, "--version").start();
      activates = asked.waitFor() == 0;
    } catch (IOException e) {
      activates = false;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while looking for " + ACTIVATE, e);
    }
  }

  private static void assumeActivation() {
    if (!activates) {
      String message = "SKIPPED: " + ACTIVATE + " does not run on this machine";
      System.err.println(message);
      Assumptions.abort(message);
    }
  }

  /** A service that is started by its first client, who waits for it. */
  private static Child activated(List<String> options, String word) throws IOException {
    assumeActivation();
    List<String> words = new ArrayList<>(List.of(ACTIVATE));
    words.addAll(options);
    Child child = Child.startUnder(words, Service.class, List.of(), word);
    Eventually.holds(
        () -> "it listens: " + child.output(), () -> child.output().contains("Listening on"));
    return child;
  }

  private static InetSocketAddress free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return (InetSocketAddress) socket.getLocalSocketAddress();
    }
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static String text(InetSocketAddress address) {
    return "127.0.0.1:" + address.getPort();
  }

  // Activation

  @Test
  void aServerServesTheSocketThatItWasPassed() throws Exception {
    InetSocketAddress address = free();
    try (Child child = activated(List.of("-l", text(address), "--fdname=web"), "listen");
        TcpClient client = TcpClient.to(address, 0)) {
      assertEquals("web ListenerSocket", child.hear());
      assertEquals("watched: false", child.hear());
      assertEquals(Integer.toString(address.getPort()), child.hear());
      assertEquals("told: false", child.hear());
      assertEquals("first\n", client.send("first\n").line());
      try (TcpClient next = TcpClient.to(address, 0)) {
        assertEquals("1 1\n", next.send("fds\n").line());
        assertEquals(child.pid() + "\n", next.send("pid\n").line());
      }
      Processes.signal("TERM", child.pid());
      assertEquals(0, child.status(), child.output());
    }
  }

  @Test
  void socketsComeInOrderWithTheirNames() throws Exception {
    InetSocketAddress address = free();
    UnixAddress path = UnixAddress.of(folder.resolve("s"));
    try (Child child =
            activated(
                List.of("-l", text(address), "-l", path.path(), "--fdname=web:control"), "wrong");
        TcpClient client = TcpClient.to(address, 0)) {
      assertEquals("web ListenerSocket", child.hear());
      assertEquals("control ListenerSocket", child.hear());
      String error = child.hear();
      assertTrue(error.contains("as web, which is no DgramSocket"), error);
      assertTrue(error.contains("ListenDatagram="), error);
      assertEquals(0, child.status(), child.output());
      client.end();
    }
  }

  @Test
  void aUnixServerServesTheSocketThatItWasPassed() throws Exception {
    UnixAddress path = UnixAddress.of(folder.resolve("s"));
    try (Child child = activated(List.of("-l", path.path()), "unix");
        StreamSocket client = StreamSocket.connect(path)) {
      client.settimeout(Bounds.WAIT);
      client.sendall("line\n");
      try (SocketReader reader = client.makefileReader(0)) {
        assertEquals("line\n", reader.readline(StandardCharsets.UTF_8));
      }
      assertTrue(child.hear().endsWith(" ListenerSocket"));
    }
  }

  @Test
  void aDatagramServerServesTheSocketThatItWasPassed() throws Exception {
    InetSocketAddress address = free();
    try (Child child = activated(List.of("-d", "-l", text(address)), "datagrams");
        DgramSocket client = new DgramSocket(StandardProtocolFamily.INET)) {
      client.settimeout(Bounds.WAIT);
      client.sendto("first", address);
      assertEquals("first", new String(client.recv(100), StandardCharsets.UTF_8));
      assertTrue(child.hear().endsWith(" DgramSocket"));
    }
  }

  @Test
  void aConnectionThatSystemdHasAcceptedIsASocket() throws Exception {
    InetSocketAddress address = free();
    try (Child child = activated(List.of("-a", "-l", text(address)), "connection");
        TcpClient client = TcpClient.to(address, 0)) {
      assertEquals("got line\n", client.send("line\n").line());
      assertEquals("", client.rest());
      assertTrue(child.hear().endsWith(" StreamSocket"));
    }
  }

  @Test
  void aConnectionAsInetdGivesItIsTheStandardInput() throws Exception {
    InetSocketAddress address = free();
    try (Child child = activated(List.of("-a", "--inetd", "-l", text(address)), "inetd");
        TcpClient client = TcpClient.to(address, 0)) {
      assertEquals("got line\n", client.send("line\n").line());
      assertFalse(child.hasTold());
    }
  }

  @Test
  void theChildrenOfAForkingServerTakeNothing() throws Exception {
    InetSocketAddress address = free();
    try (Child child = activated(List.of("-l", text(address)), "fork");
        TcpClient client = TcpClient.to(address, 0)) {
      assertEquals("null 0\n", client.send("fds\n").line(), child.output());
      assertNotEquals(child.pid() + "\n", client.send("pid\n").line());
      client.end();
      assertEquals("", client.rest());
      Processes.signal("TERM", child.pid());
      assertEquals(0, child.status(), child.output());
    }
  }

  @Test
  void aSocketThatThisLibraryDoesNotHaveIsNamed() throws Exception {
    List<String> words =
        List.of("env", "LISTEN_FDS=1", "LISTEN_FDNAMES=web", "sh", "-c", PASS_A_FILE, "sh");
    try (Child child = Child.startUnder(words, Service.class, List.of(), "listen")) {
      assertEquals(1, child.status());
      assertTrue(
          child.output().contains("cannot take the socket web: descriptor 3 is no open socket"),
          child.output());
    }
  }

  // Without systemd

  @Test
  void withoutSystemdThereAreNoSocketsAndNobodyIsTold() throws Exception {
    assertEquals(List.of(), Systemd.listenFds());
    assertFalse(Systemd.notifyReady());
    assertFalse(Systemd.notifyStopping());
    assertFalse(Systemd.notify("STATUS=testing"));
    assertNull(Systemd.watchdogInterval());
    try (var server = new TCPServer(RunningServer.anyPort(), Answering.with((l, h) -> l))) {
      assertFalse(Systemd.watchdog(server));
    }
    assertThrows(IllegalArgumentException.class, Systemd::watchdog);
  }

  // Notifying

  private static Child notifying(String socket, String watchdog, String word) throws IOException {
    List<String> words = List.of("env", "NOTIFY_SOCKET=" + socket, "WATCHDOG_USEC=" + watchdog);
    return Child.startUnder(words, Service.class, List.of(), word);
  }

  private static String next(DgramSocket systemd) throws IOException {
    return new String(systemd.recv(1000), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "@"})
  void systemdIsToldWhenTheServiceIsReadyThatItLivesAndWhenItStops(String kind) throws Exception {
    String name = folder.resolve("notify").toString();
    boolean path = kind.equals("/");
    try (DgramSocket systemd = new DgramSocket(StandardProtocolFamily.UNIX)) {
      systemd.bind(UnixAddress.of(path ? name : "\0" + name));
      systemd.settimeout(Bounds.WAIT);
      try (Child child = notifying(path ? name : "@" + name, "200000", "listen")) {
        assertEquals("watched: true", child.hear());
        int port = Integer.parseInt(child.hear());
        assertEquals("told: true", child.hear());
        List<String> heard = new ArrayList<>();
        while (heard.stream().filter("WATCHDOG=1"::equals).count() < 3) {
          heard.add(next(systemd));
        }
        assertTrue(heard.remove("READY=1"), heard.toString());
        assertFalse(heard.contains("STOPPING=1"), heard.toString());
        try (TcpClient client = TcpClient.to(loopback(port), 0)) {
          assertEquals("stops\n", client.send("stop\n").line());
        }
        String last = next(systemd);
        while (last.equals("WATCHDOG=1")) {
          last = next(systemd);
        }
        assertEquals("STOPPING=1", last);
        assertEquals(0, child.status(), child.output());
      }
    }
  }

  /** Nothing more comes for several intervals. */
  private static void awaitSilence(DgramSocket systemd) throws IOException {
    systemd.settimeout(Duration.ofSeconds(1));
    for (int i = 0; i < 40; i++) {
      try {
        next(systemd);
      } catch (SocketTimeoutException e) {
        systemd.settimeout(Bounds.WAIT);
        return;
      }
    }
    throw new AssertionError("systemd still hears that the server is alive");
  }

  @Test
  void aServerWhoseLoopIsStuckIsNotAlive() throws Exception {
    String name = folder.resolve("notify").toString();
    try (DgramSocket systemd = new DgramSocket(StandardProtocolFamily.UNIX)) {
      systemd.bind(UnixAddress.of(name));
      systemd.settimeout(Bounds.WAIT);
      try (Child child = notifying(name, "100000", "sync")) {
        child.hear();
        int port = Integer.parseInt(child.hear());
        try (TcpClient client = TcpClient.to(loopback(port), 0)) {
          // its handler has the loop's thread until the client leaves
          assertEquals("line\n", client.send("line\n").line());
          awaitSilence(systemd);
        }
        assertEquals("WATCHDOG=1", next(systemd));
      }
    }
  }

  /** Tells what a message to nobody comes to. */
  static final class ToNobody {
    private ToNobody() {}

    public static void main(String[] arguments) {
      try {
        Systemd.notifyReady();
        Child.tell("told");
      } catch (IOException | RuntimeException e) {
        Child.tell(e.getMessage());
      }
    }
  }

  @Test
  void whatCannotBeToldIsAnErrorThatSaysWhy() throws Exception {
    String name = folder.resolve("nobody").toString();
    try (Child child = Child.startWithVariable("NOTIFY_SOCKET", name, ToNobody.class, List.of())) {
      String error = child.hear();
      assertTrue(error.contains(name), error);
      child.awaitEnd();
    }
    try (Child child =
        Child.startWithVariable(
            "NOTIFY_SOCKET", name, ToNobody.class, List.of("-Dsocketserver.transport=nio"))) {
      String error = child.hear();
      assertTrue(error.contains("need epoll"), error);
      child.awaitEnd();
    }
  }
}
