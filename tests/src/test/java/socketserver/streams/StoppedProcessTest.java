package socketserver.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.DgramSocket;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Child;
import socketserver.fixture.Eventually;
import socketserver.fixture.Processes;
import socketserver.select.Select;

/**
 * What arrives in time while the process stands still, as in a suspended machine, is no time-out.
 */
@Timeout(120)
class StoppedProcessTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  /** Waits for four things at once, with a time-out for each, and tells what came of it. */
  static final class Waiter {
    private Waiter() {}

    private static ListenerSocket listener() throws IOException {
      return ListenerSocket.createServer(new InetSocketAddress(LOOPBACK, 0));
    }

    public static void main(String[] arguments) throws Exception {
      try (ListenerSocket first = listener();
          ListenerSocket accepting = listener();
          ListenerSocket selected = listener();
          DgramSocket datagrams = new DgramSocket(StandardProtocolFamily.INET)) {
        datagrams.bind(new InetSocketAddress(LOOPBACK, 0));
        Child.tell(ProcessHandle.current().pid());
        Child.tell(port(first.getsockname()));
        Child.tell(port(accepting.getsockname()));
        Child.tell(port(selected.getsockname()));
        Child.tell(port(datagrams.getsockname()));
        try (StreamSocket connection = first.accept()) {
          connection.settimeout(TIMEOUT);
          accepting.settimeout(TIMEOUT);
          datagrams.settimeout(TIMEOUT);
          var read = ask(() -> text(connection.recv(100)));
          var accepted = ask(() -> accepting.accept().fileno() > 0);
          var ready = ask(() -> select(selected));
          var datagram = ask(() -> text(datagrams.recvfrom(100).data()));
          Child.tell("waits");
          Child.tell(List.of(read.join(), accepted.join(), ready.join(), datagram.join()));
        }
      }
    }

    private static int port(Object address) {
      return ((InetSocketAddress) address).getPort();
    }

    private static Object select(ListenerSocket listener) throws IOException {
      return Select.select(List.of(listener), List.of(), List.of(), TIMEOUT).rlist().size();
    }

    private static String text(byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    private static CompletableFuture<Object> ask(Background.Question<Object> question) {
      return Background.ask("waits", question).exceptionally(Throwable::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void whatArrivesWhileTheProcessStandsStillIsNoTimeout(String mechanism) throws Exception {
    String told = null;
    while (told == null) {
      told = whatCameOfWaiting(mechanism);
    }
    assertEquals("[late, true, 1, late]", told);
  }

  /** Null if the process could not be stopped before its waits were over. */
  private static String whatCameOfWaiting(String mechanism) throws IOException {
    List<String> options = List.of("-Dsocketserver.transport=" + mechanism);
    try (Child child = Child.start(Waiter.class, options)) {
      long pid = Long.parseLong(child.hear());
      try (SocketChannel connection = SocketChannel.open(heard(child));
          SocketChannel accepted = SocketChannel.open();
          SocketChannel selected = SocketChannel.open();
          DatagramChannel datagrams = DatagramChannel.open()) {
        InetSocketAddress accepting = heard(child);
        InetSocketAddress selecting = heard(child);
        InetSocketAddress receiving = heard(child);
        assertEquals("waits", child.hear());
        Processes.stop(pid);
        if (child.hasTold()) {
          return null;
        }
        connection.write(late());
        accepted.connect(accepting);
        selected.connect(selecting);
        datagrams.send(late(), receiving);
        long start = System.nanoTime();
        Eventually.holds(
            "the time is over", () -> System.nanoTime() - start > 2 * TIMEOUT.toNanos());
        Processes.signal("CONT", pid);
        return child.hear(Bounds.WAIT.toSeconds());
      }
    }
  }

  private static InetSocketAddress heard(Child child) {
    return new InetSocketAddress(LOOPBACK, Integer.parseInt(child.hear()));
  }

  private static ByteBuffer late() {
    return ByteBuffer.wrap("late".getBytes(StandardCharsets.UTF_8));
  }
}
