package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.ForkingTCPServer;
import socketserver.fixture.Answering;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.Processes;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** A child that stands still is no reason for others to wait. */
@Timeout(120)
class StoppedChildrenTest {
  /** More than the system keeps of what nobody reads. */
  private static final int LARGE = 1 << 20;

  private final Set<Long> before = new HashSet<>();
  private LogCapture log;

  /** Crosses to each child with all its bytes. */
  static final class HeavyServer extends ForkingTCPServer {
    private final byte[] ballast;

    HeavyServer(int ballast) throws IOException {
      super(
          RunningServer.anyPort(),
          Answering.with((line, handler) -> ProcessHandle.current().pid()));
      this.ballast = new byte[ballast];
      spareChildren(1);
    }
  }

  @BeforeEach
  void begin() {
    before.addAll(Processes.children());
    log = new LogCapture();
  }

  @AfterEach
  void end() {
    log.close();
  }

  /** Stops the only child, which waits for a request. */
  private long stopTheSpare() throws IOException {
    Eventually.holds("there is a spare child", () -> !started().isEmpty());
    long spare = started().iterator().next();
    log.await(Level.DEBUG, "child process " + spare + " is ready");
    Processes.stop(spare);
    return spare;
  }

  private Set<Long> started() {
    Set<Long> started = Processes.children();
    started.removeAll(before);
    return started;
  }

  private static long ask(TcpClient client) throws IOException {
    return Long.parseLong(client.send("\n").line().strip());
  }

  private static void sentTo(RunningServer<?> running, long child) {
    ForkingTCPServer server = (ForkingTCPServer) running.server();
    Eventually.holds(
        () -> child + " has the request; the children are " + server.activeChildren(),
        () -> server.activeChildren().contains(child));
  }

  @Test
  void othersAreServedMeanwhileAndItsRequestGoesToAnother() throws Exception {
    try (var running = RunningServer.start(new HeavyServer(LARGE))) {
      long stopped = stopTheSpare();
      try (TcpClient first = TcpClient.to(running);
          TcpClient second = TcpClient.to(running)) {
        assertNotEquals(stopped, ask(second));
        assertNotEquals(stopped, ask(first));
        log.await(
            Level.WARN,
            "child process "
                + stopped
                + " is killed: it does not take the request from "
                + first.address());
        Processes.awaitEnd(stopped);
      }
    }
  }

  @Test
  void theTimeThatAChildMayTakeRunsFromTheMomentThatItIsHandedARequest() throws Exception {
    HeavyServer server = new HeavyServer(0);
    server.childTimeout(Duration.ofSeconds(1));
    try (var running = RunningServer.start(server)) {
      long stopped = stopTheSpare();
      try (TcpClient client = TcpClient.to(running)) {
        sentTo(running, stopped);
        log.await(Level.WARN, "child process " + stopped + " is killed: it has taken too long");
        assertNotEquals(stopped, ask(client));
      }
    }
  }

  @Test
  void theServerClosesAndTheChildIsKilled() throws Exception {
    long stopped;
    try (var running = RunningServer.start(new HeavyServer(LARGE))) {
      running.server().blockOnClose(false);
      stopped = stopTheSpare();
      TcpClient client = TcpClient.to(running);
      sentTo(running, stopped);
      client.close();
    }
    Processes.awaitEnd(stopped);
  }
}
