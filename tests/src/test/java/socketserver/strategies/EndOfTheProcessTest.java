package socketserver.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.StreamRequestHandler;
import socketserver.ThreadedDispatch;
import socketserver.contract.Peer;
import socketserver.contract.Tcp;
import socketserver.fixture.Child;
import socketserver.fixture.Strategy;

/** A process waits for a request's thread, virtual or not, unless daemonThreads says otherwise. */
@Timeout(120)
class EndOfTheProcessTest {
  private static Child start(Strategy strategy, boolean daemon) throws IOException {
    strategy.assumeWorksHere();
    return Child.start(
        Program.class, List.of(Strategy.opens()), strategy.name(), Boolean.toString(daemon));
  }

  private static Peer connect(Child child) throws IOException {
    return Peer.connect(
        new java.net.InetSocketAddress(
            Tcp.loopback().getAddress(), Integer.parseInt(child.hear())));
  }

  @ParameterizedTest
  @EnumSource
  void theProcessEndsWithTheRequestThatItsMainMethodLeft(Strategy strategy) throws Exception {
    try (Child child = start(strategy, false);
        Peer peer = connect(child)) {
      assertEquals("main ends", child.hear());
      peer.send("go on\n");
      assertEquals("go on\n", peer.receiveText(6));
      assertEquals("handler ends", child.hear());
      child.awaitEnd();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theProcessDoesNotWaitForDaemons(Strategy strategy) throws Exception {
    try (Child child = start(strategy, true);
        Peer peer = connect(child)) {
      assertEquals("main ends", child.hear());
      child.awaitEnd();
      assertFalse(child.output().contains("handler ends"), child.output());
      // whose end the system tells
      assertEquals(0, peer.receiveAll().length);
    }
  }

  /** Takes one request and leaves it. */
  static final class Program {
    private static final CountDownLatch begun = new CountDownLatch(1);

    private Program() {}

    private static final class Waiting extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        begun.countDown();
        wfile.write(rfile.readline());
        Child.tell("handler ends");
      }
    }

    @SuppressWarnings("resource") // it is left, with its request
    public static void main(String[] arguments) throws Exception {
      var server = Strategy.valueOf(arguments[0]).server(Waiting::new);
      ((ThreadedDispatch) server).daemonThreads(Boolean.parseBoolean(arguments[1]));
      Child.tell(server.serverPort());
      server.handleRequest();
      begun.await();
      Child.tell("main ends");
    }
  }
}
