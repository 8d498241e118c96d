package socketserver.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.DatagramRequest;
import socketserver.DatagramRequestHandler;
import socketserver.ThreadingMixIn;
import socketserver.UDPServer;
import socketserver.fixture.Child;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.Strategy;
import socketserver.fixture.UdpClient;

/** A UDP server whose process runs out of memory, and has some again. */
@Timeout(180)
class DatagramsWithoutMemoryTest {
  private static final List<String> OPTIONS =
      List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:-OmitStackTraceInFastThrow");

  /** How often there is no room for the smallest object until there is memory again. */
  private static final int OFTEN = 10;

  private static final String SERVING = "serving";

  /** Serves, and fills its memory when it is told to. */
  static final class Program {
    private Program() {}

    private static final class Echo extends DatagramRequestHandler {
      @Override
      public void handle() throws IOException {
        wfile.write(rfile.readAllBytes());
      }
    }

    private static class Server extends UDPServer {
      Server() throws IOException {
        super(RunningServer.anyPort(), Echo::new);
      }

      /** Answers what asks the thread that serves, and not a handler. */
      @Override
      public boolean verifyRequest(DatagramRequest request, SocketAddress client)
          throws IOException {
        if (!Arrays.equals(request.data(), SERVING.getBytes(StandardCharsets.UTF_8))) {
          return true;
        }
        request.socket().sendto(request.data(), client);
        return false;
      }
    }

    private static final class ThreadingServer extends Server implements ThreadingMixIn {
      ThreadingServer() throws IOException {}
    }

    public static void main(String[] args) throws Exception {
      Server server = args[0].equals("plain") ? new Server() : new ThreadingServer();
      Thread hog = new Thread(Program::fill, "hog");
      hog.setDaemon(true);
      hog.start();
      Child.tell(server.serverPort());
      try {
        server.serveForever();
      } catch (Throwable e) {
        // there is memory to say so when the other has let go of it
        hog.join();
        throw e;
      }
    }

    private static void fill() {
      Scanner told = new Scanner(System.in);
      told.nextLine();
      Object[] kept = null;
      int size = 1 << 20;
      int failures = 0;
      while (failures < OFTEN) {
        try {
          kept = new Object[] {kept, new byte[size]};
        } catch (OutOfMemoryError e) {
          failures += size == 0 ? 1 : 0;
          size /= 2;
          LockSupport.parkNanos(1_000_000);
        }
      }
      kept = null;
      Child.tell("memory again");
    }
  }

  private void goesOn(List<String> options, String kind, String after) throws Exception {
    try (Child server = Child.start(Program.class, options, kind);
        UdpClient client =
            UdpClient.to(
                new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), Integer.parseInt(server.hear())))) {
      client.send("before");
      assertEquals("before", client.text());
      server.say("fill");
      byte[] large = new byte[8000];
      Eventually.holds(
          () -> "the server has memory again; it printed " + server.output(),
          () -> {
            client.send(large);
            return server.hasTold();
          });
      assertEquals("memory again", server.hear());
      // what was sent before may still be answered, or be lost as datagrams are
      Eventually.holds(
          () -> "the server answers; it printed " + server.output(),
          () -> {
            client.send(after);
            return after.equals(client.textWithin(1000));
          });
    }
  }

  @Test
  void servingGoesOn() throws Exception {
    goesOn(OPTIONS, "plain", "after");
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void servingWithThreadsGoesOn(Strategy strategy) throws Exception {
    strategy.assumeWorksHere();
    List<String> options = new ArrayList<>(OPTIONS);
    options.addAll(strategy.options());
    // with no thread left to carry them, the JVM's own scheduler starts no virtual thread any more
    goesOn(options, "threads", strategy == Strategy.VIRTUAL ? SERVING : "after");
  }
}
