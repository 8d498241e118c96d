package socketserver;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.fixture.Answering;
import socketserver.fixture.Background;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;

/** The thread that tells systemd that servers are alive. */
@Timeout(60)
class SystemdWatchdogTest {
  private static final Duration SHORT = Duration.ofMillis(2);

  private static TCPServer server() throws Exception {
    return new TCPServer(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        Answering.with((line, handler) -> line));
  }

  @Test
  void itMakesAnIdleLoopGoRoundAgainAndAgain() throws Exception {
    try (var running = RunningServer.start(server())) {
      new SystemdWatchdog(List.of(running.server()), SHORT).start();
      long before = running.server().loop().turns();
      Eventually.holds("it goes round", () -> running.server().loop().turns() > before + 3);
    }
  }

  @Test
  void itEndsWhenOneOfItsServersIsClosed() throws Exception {
    try (TCPServer first = server();
        TCPServer second = server()) {
      Thread thread =
          Background.start("watches", new SystemdWatchdog(List.of(first, second), SHORT)::run);
      second.serverClose();
      Eventually.ends(thread);
    }
  }
}
