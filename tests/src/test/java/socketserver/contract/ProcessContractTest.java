package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingTCPServer;
import socketserver.WouldBlockException;
import socketserver.fixture.Child;
import socketserver.fixture.Eventually;

/** What needs a process of its own: its end, and its having no descriptors left. */
@Timeout(120)
@ParameterizedClass
@MethodSource("socketserver.contract.Ground#mechanisms")
class ProcessContractTest extends OnGround {
  ProcessContractTest(Ground ground) {
    super(ground);
  }

  private List<String> options() {
    return List.of("-D" + Mechanism.PROPERTY + "=" + ground.mechanism.property(), "-Xmx256m");
  }

  // The end of the process

  /** How a program ends that has sent something. */
  enum Ending {
    /** The main method returns. */
    RETURN,
    /** The program asks for its end. */
    EXIT,
    /** The socket is closed before. */
    CLOSE,
    /** It is no client that sends but the handler of a server. */
    HANDLER
  }

  @ParameterizedTest
  @EnumSource
  void whatWasSentArrivesAlsoWhenTheProcessEndsAtOnce(Ending ending) throws Exception {
    int size = 3 << 20;
    try (var listener = new Tcp().listen();
        Child child =
            Child.start(
                Sender.class,
                options(),
                ending.name(),
                Integer.toString(((InetSocketAddress) listener.address()).getPort()),
                Integer.toString(size))) {
      Peer peer = opened.add(ending == Ending.HANDLER ? connect(child.hear()) : listener.accept());
      byte[] received = peer.receiveAll();
      assertEquals(size, received.length);
      Pattern.check(received, size, 0);
      child.awaitEnd();
    }
  }

  @Test
  void allThatCouldBeSentArrivesWhenThePeerReadsAsTheProcessEnds() throws Exception {
    try (var listener = new Tcp().listen();
        Child child =
            Child.start(
                Sender.class,
                options(),
                Ending.RETURN.name(),
                Integer.toString(((InetSocketAddress) listener.address()).getPort()),
                "as much as it takes")) {
      Peer peer = opened.add(listener.accept());
      // it has filled all buffers, and returns from its main method when it hears something
      int sent = Integer.parseInt(child.hear());
      child.say("end");
      byte[] received = peer.receiveAll();
      assertEquals(sent, received.length);
      Pattern.check(received, sent, 0);
      child.awaitEnd();
    }
  }

  private static Peer connect(String port) throws IOException {
    return Peer.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)));
  }

  /** Sends, and ends. */
  static final class Sender {
    private Sender() {}

    public static void main(String[] arguments) throws IOException {
      Ending ending = Ending.valueOf(arguments[0]);
      if (ending == Ending.HANDLER) {
        serve(Integer.parseInt(arguments[2]));
        return;
      }
      StreamSocket socket =
          StreamSocket.connect(
              new InetSocketAddress(
                  InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1])));
      if (arguments[2].startsWith("as much")) {
        Child.tell(sendUntilFull(socket));
        System.in.read();
        return;
      }
      socket.sendall(Pattern.bytes(Integer.parseInt(arguments[2])));
      switch (ending) {
        case EXIT -> System.exit(0);
        case CLOSE -> socket.close();
        default -> {}
      }
    }

    private static int sendUntilFull(StreamSocket socket) throws IOException {
      byte[] data = Pattern.bytes(64 << 20);
      int sent = 0;
      socket.setblocking(false);
      while (true) {
        try {
          sent += socket.send(java.util.Arrays.copyOfRange(data, sent, sent + 10_000));
        } catch (WouldBlockException e) {
          return sent;
        }
      }
    }

    private static void serve(int size) throws IOException {
      class Handler extends StreamRequestHandler {
        @Override
        public void handle() throws IOException {
          wfile.write(Pattern.bytes(size));
        }
      }
      try (TCPServer server = new TCPServer(Tcp.loopback(), Handler::new)) {
        Child.tell(server.serverPort());
        server.handleRequest();
      }
    }
  }

  @Test
  void aServerThatWasNotClosedDoesNotKeepTheProcess() throws Exception {
    try (Child child = Child.start(Forgetful.class, options())) {
      child.awaitEnd();
    }
  }

  /** Opens things and forgets them. */
  static final class Forgetful {
    private Forgetful() {}

    public static void main(String[] arguments) throws IOException {
      TCPServer server = new ThreadingTCPServer(Tcp.loopback(), ServerContractTest.Echo::new);
      StreamSocket socket = StreamSocket.connect(server.serverAddress());
      socket.sendall("anybody?\n");
    }
  }

  // No descriptors left

  @Test
  void aServerThatRanOutOfDescriptorsServesAgain() throws Exception {
    try (Child child = Child.startWithin(120, Server.class, options())) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(child.hear()));
      // a class that is first needed when there is no descriptor cannot be loaded from its folder
      for (String line : new String[] {"first\n", "second\n"}) {
        Peer gone = Peer.connect(address);
        gone.send(line);
        assertEquals(line, gone.receiveText(line.length()));
        gone.reset();
      }
      for (int round = 0; round < 3; round++) {
        List<Peer> crowd = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
          Peer peer = opened.add(Peer.connect(address));
          peer.send("x\n");
          crowd.add(peer);
        }
        assertEquals("x\n", crowd.get(0).receiveText(2));
        int warnings = round;
        Eventually.holds(
            () -> "the server runs out; it printed\n" + child.output(),
            () -> child.output().split("accepting a request failed", -1).length > warnings + 1);
        for (Peer peer : crowd) {
          peer.close();
        }
        try (Peer peer = Peer.connect(address)) {
          peer.send("again\n");
          assertEquals("again\n", peer.receiveText(6));
        }
      }
      child.say("stop");
      child.awaitEnd();
      assertTrue(child.output().lines().count() < 500, child.output());
    }
  }

  /** Echoes until it is told to stop. */
  static final class Server {
    private Server() {}

    public static void main(String[] arguments) throws Exception {
      try (ThreadingTCPServer server =
          new ThreadingTCPServer(Tcp.loopback(), ServerContractTest.Echo::new, false)) {
        server.requestQueueSize(500);
        server.serverBind();
        server.serverActivate();
        Thread serving = new Thread(server::serveForever);
        serving.start();
        Child.tell(server.serverPort());
        System.in.read();
        server.shutdown();
        serving.join();
      }
    }
  }
}
