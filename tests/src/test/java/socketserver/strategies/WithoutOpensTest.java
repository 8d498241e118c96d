package socketserver.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.StreamRequestHandler;
import socketserver.contract.Peer;
import socketserver.contract.Tcp;
import socketserver.fixture.Child;
import socketserver.fixture.RunningServer;
import socketserver.fixture.Strategy;

/** A program that was started without the option that event loops need: it works all the same. */
@Timeout(120)
class WithoutOpensTest {
  @Test
  void handlersRunInVirtualThreadsAndTheLogSaysOnceWhatIsMissing() throws Exception {
    Strategy.VIRTUAL.assumeWorksHere();
    Without.assume(
        Strategy.ofThreadingMixIn() != Strategy.EVENTLOOP,
        "all processes of this run are started with the option");
    try (Child child = Child.start(Program.class, List.of())) {
      var address =
          new java.net.InetSocketAddress(
              Tcp.loopback().getAddress(), Integer.parseInt(child.hear()));
      for (int i = 0; i < 3; i++) {
        try (Peer peer = Peer.connect(address)) {
          String carrier = new String(peer.receiveAll(), java.nio.charset.StandardCharsets.UTF_8);
          assertTrue(carrier.contains("VirtualThread"), carrier);
          assertTrue(!carrier.contains("socketserver-loop"), carrier);
        }
      }
      child.say("stop");
      child.awaitEnd();
      List<String> warnings =
          child.output().lines().filter(line -> line.contains("but not on their")).toList();
      assertEquals(1, warnings.size(), child.output());
      assertTrue(warnings.get(0).contains("WARN"), warnings.get(0));
      String missing =
          Runtime.version().feature() < 24
              ? "that needs Java 24"
              : "--add-opens java.base/java.lang=ALL-UNNAMED";
      assertTrue(warnings.get(0).contains(missing), warnings.get(0));
    }
  }

  /** Tells each client what runs its handler. */
  static final class Program {
    private Program() {}

    private static final class Telling extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        wfile.write(Thread.currentThread().toString());
      }
    }

    public static void main(String[] arguments) throws Exception {
      // two servers, one warning
      try (var first = RunningServer.start(Strategy.EVENTLOOP.server(Telling::new));
          var second = RunningServer.start(Strategy.EVENTLOOP.server(Telling::new));
          Peer peer = Peer.connect(second.address())) {
        peer.receiveAll();
        Child.tell(first.server().serverPort());
        System.in.read();
      }
    }
  }
}
