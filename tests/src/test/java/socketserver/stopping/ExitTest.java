package socketserver.stopping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.contract.Peer;
import socketserver.fixture.Child;
import socketserver.fixture.Processes;
import socketserver.fixture.Strategy;
import socketserver.fixture.TcpClient;

/** The end of processes whose servers are closed on exit: by signals, and by System.exit. */
@Timeout(180)
class ExitTest {
  /** Longer than any test waits. */
  private static final String LONG = "3600000";

  private static final String SHORT = "100";

  private static Child start(Mixed mixed, String grace, String... words) throws IOException {
    mixed.assumeWorksHere();
    return start(List.of(), mixed.name(), grace, words);
  }

  private static Child start(List<String> options, String kind, String grace, String... words)
      throws IOException {
    List<String> all = new ArrayList<>(options);
    if (Strategy.hasVirtualThreads()) {
      all.add(Strategy.opens());
    }
    List<String> arguments = new ArrayList<>(List.of(kind, grace));
    arguments.addAll(List.of(words));
    return Child.startForSignals(Stopped.class, all, arguments.toArray(String[]::new));
  }

  private static InetSocketAddress address(Child child) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(child.hear()));
  }

  private static TcpClient client(InetSocketAddress address) throws IOException {
    return TcpClient.to(address, 0);
  }

  /** All to the end of the stream; how it has ended does not matter. */
  private static String rest(TcpClient client) throws IOException {
    try {
      return client.rest();
    } catch (SocketException e) {
      return "reset";
    }
  }

  private static void awaitClosing(TcpClient client) throws IOException {
    while (!client.send("closing?\n").line().equals("true\n")) {
      // not yet
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutClientsASignalEndsItWell(Mixed mixed) throws Exception {
    try (Child child = start(mixed, LONG)) {
      child.hear();
      Processes.signal("TERM", child.pid());
      assertEquals(0, child.status(), child.output());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBusyClientHasItsAnswer(Mixed mixed) throws Exception {
    try (Child child = start(mixed, LONG);
        TcpClient client = client(address(child))) {
      assertEquals("false\n", client.send("closing?\n").line());
      Processes.signal("TERM", child.pid());
      awaitClosing(client);
      assertEquals("more\n", client.send("more\n").line());
      client.end();
      assertEquals("", client.rest());
      assertEquals(0, child.status(), child.output());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anIdleClientSeesTheEndAtOnceIfAsked(Mixed mixed) throws Exception {
    try (Child child = start(mixed, LONG, "idle");
        TcpClient client = client(address(child))) {
      assertEquals("line\n", client.send("line\n").line());
      Processes.signal("INT", child.pid());
      assertEquals("", client.rest());
      assertEquals(0, child.status(), child.output());
    }
  }

  @ParameterizedTest
  @EnumSource
  void idleBusyAndStuckClientsAreCutWhenTheGraceIsOver(Mixed mixed) throws Exception {
    try (Child child = start(mixed, SHORT)) {
      InetSocketAddress address = address(child);
      List<TcpClient> clients = new ArrayList<>();
      try {
        // without a mix-in one is handled, and the others wait to be accepted
        for (String line : new String[] {"stuck\n", "hold\n", "idle\n", "flood\n"}) {
          TcpClient client = TcpClient.to(address, 4096);
          clients.add(client);
          client.send(line);
          if (clients.size() == 1 || !mixed.isSync()) {
            client.read(1);
          }
        }
        Processes.signal("TERM", child.pid());
        assertEquals(0, child.status(), child.output());
        for (TcpClient client : clients) {
          rest(client);
        }
        String cut = "requests to /127.0.0.1:" + address.getPort() + " that were cut: ";
        assertTrue(child.output().contains(cut + (mixed.isSync() ? 1 : 4)), child.output());
        assertTrue(child.output().contains("goes on after it was interrupted"), child.output());
      } finally {
        for (TcpClient client : clients) {
          client.close();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHandlerMayCallExit(Mixed mixed) throws Exception {
    try (Child child = start(mixed, LONG);
        TcpClient client = client(address(child))) {
      client.send("quit\n");
      assertEquals("bye\n", client.line());
      assertEquals(3, child.status(), child.output());
      rest(client);
    }
  }

  @Test
  void aHandlerThatCallsExitLetsOthersFinish() throws Exception {
    try (Child child = start(Mixed.THREADING, LONG)) {
      InetSocketAddress address = address(child);
      try (TcpClient other = client(address);
          TcpClient client = client(address)) {
        assertEquals("line\n", other.send("line\n").line());
        client.send("quit\n");
        assertEquals("bye\n", client.line());
        awaitClosing(other);
        // a signal changes nothing
        Processes.signal("TERM", child.pid());
        assertEquals("more\n", other.send("more\n").line());
        other.end();
        assertEquals("", other.rest());
        assertEquals(3, child.status(), child.output());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"TERM, TERM, 143", "INT, INT, 130", "TERM, INT, 130", "INT, TERM, 143"})
  void aSecondSignalEndsItAtOnce(String first, String second, int status) throws Exception {
    try (Child child = start(Mixed.THREADING, LONG)) {
      InetSocketAddress address = address(child);
      try (TcpClient client = client(address);
          TcpClient stuck = client(address)) {
        assertEquals("holds\n", stuck.send("stuck\n").line());
        assertEquals("line\n", client.send("line\n").line());
        Processes.signal(first, child.pid());
        awaitClosing(client);
        Processes.signal(second, child.pid());
        assertEquals(status, child.status(), child.output());
        rest(stuck);
      }
    }
  }

  @Test
  void aHandlerOfTheProgramsOwnStays() throws Exception {
    try (Child child = start(Mixed.THREADING, LONG, "handler")) {
      child.hear();
      Processes.signal("TERM", child.pid());
      assertEquals("the program's own", child.hear());
      assertEquals(7, child.status(), child.output());
    }
  }

  @Test
  void aServerThatWasClosedLeavesTheSignalsToTheJvm() throws Exception {
    try (Child child = start(Mixed.THREADING, LONG, "close")) {
      assertEquals("closed", child.hear());
      Processes.signal("TERM", child.pid());
      assertEquals(143, child.status(), child.output());
    }
  }

  @Test
  void aUnixServersFileGoes(@TempDir Path folder) throws Exception {
    Path path = folder.resolve("s");
    try (Child child = start(List.of(), path.toString(), SHORT)) {
      assertEquals("bound", child.hear());
      try (Peer peer = new Peer(SocketChannel.open(UnixDomainSocketAddress.of(path)))) {
        peer.send("line\n");
        assertEquals("line\n", peer.receiveText(5));
        Processes.signal("TERM", child.pid());
        assertEquals(0, peer.receiveAll().length);
        assertEquals(0, child.status(), child.output());
        assertFalse(Files.exists(path));
      }
    }
  }

  @Test
  void whereTheJvmLeavesTheSignalsAloneExitStillClosesTheServer() throws Exception {
    try (Child child = start(List.of("-Xrs"), Mixed.THREADING.name(), LONG)) {
      InetSocketAddress address = address(child);
      try (TcpClient other = client(address);
          TcpClient client = client(address)) {
        assertEquals("line\n", other.send("line\n").line());
        client.send("quit\n");
        awaitClosing(other);
        other.end();
        assertEquals(3, child.status(), child.output());
      }
    }
    try (Child child = start(List.of("-Xrs"), Mixed.THREADING.name(), LONG)) {
      child.hear();
      Processes.signal("TERM", child.pid());
      assertEquals(143, child.status(), child.output());
    }
  }

  @Test
  void withoutTheModuleForSignalsTheJvmsOwnStatusIsLeft() throws Exception {
    List<String> options =
        List.of("--limit-modules", "java.base,java.logging,java.naming,java.management,java.xml");
    try (Child child = start(options, Mixed.THREADING.name(), LONG);
        TcpClient client = client(address(child))) {
      assertEquals("line\n", client.send("line\n").line());
      Processes.signal("TERM", child.pid());
      awaitClosing(client);
      client.end();
      assertEquals("", client.rest());
      assertEquals(143, child.status(), child.output());
    }
  }
}
