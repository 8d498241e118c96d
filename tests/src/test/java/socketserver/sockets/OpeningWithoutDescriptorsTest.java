package socketserver.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.DgramSocket;
import socketserver.Errno;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.UnixAddress;
import socketserver.diesel.Application;
import socketserver.diesel.Client;
import socketserver.diesel.Loop;
import socketserver.diesel.UDPClient;
import socketserver.fixture.Child;
import socketserver.fixture.Descriptors;
import socketserver.spi.OutOfResourcesException;
import socketserver.spi.SystemErrors;

/** Every way to open a socket in a process that can open nothing more. */
@Timeout(120)
class OpeningWithoutDescriptorsTest {
  private static final int FEW = 300;

  /** Opens something and closes it. */
  private interface Opening {
    void run() throws IOException;
  }

  /** Tries each way in a process of its own. */
  static final class Program {
    private static final InetSocketAddress ANY_PORT =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private Program() {}

    public static void main(String[] args) throws Exception {
      // what is loaded later needs a descriptor
      SystemErrors.of(Errno.EMFILE, Errno.strerror(Errno.EMFILE)).toString();
      Class.forName("socketserver.unix.DescriptorPassing");
      UnixAddress path = UnixAddress.of(args[0]);
      try (ListenerSocket listener = ListenerSocket.createServer(ANY_PORT);
          ListenerSocket unix = new ListenerSocket(StandardProtocolFamily.UNIX)) {
        unix.bind(path);
        unix.listen(5);
        InetSocketAddress address = (InetSocketAddress) listener.getsockname();
        Map<String, Opening> ways = new LinkedHashMap<>();
        ways.put("a connection", () -> StreamSocket.connect(address).close());
        ways.put("a unix connection", () -> StreamSocket.connect(path).close());
        ways.put("a pair", () -> StreamSocket.socketpair().forEach(StreamSocket::close));
        ways.put("a listener", () -> ListenerSocket.createServer(ANY_PORT).close());
        ways.put("a stream socket", () -> new StreamSocket(StandardProtocolFamily.INET).close());
        ways.put("a datagram socket", () -> new DgramSocket(StandardProtocolFamily.INET).close());
        tryAll(ways);
        inALoop(
            () -> {
              Map<String, Opening> clients = new LinkedHashMap<>();
              String host = address.getAddress().getHostAddress();
              clients.put("a client", () -> new Client(host, address.getPort()).close());
              clients.put("a udp client", () -> new UDPClient(host, address.getPort()).close());
              tryAll(clients);
            });
      }
    }

    private static void inALoop(Opening body) throws Exception {
      Application application = new Application();
      application.addLoop(
          new Loop(
              () -> {
                body.run();
                application.halt();
              }));
      application.run();
    }

    /** First with descriptors, so that all classes are there. */
    private static void tryAll(Map<String, Opening> ways) throws IOException {
      for (Opening way : ways.values()) {
        way.run();
      }
      List<FileInputStream> files = new ArrayList<>();
      List<String> outcomes = new ArrayList<>();
      for (Map.Entry<String, Opening> way : ways.entrySet()) {
        outcomes.add(way.getKey() + ": " + tryOne(way.getValue(), files));
      }
      for (FileInputStream file : files) {
        file.close();
      }
      outcomes.forEach(Child::tell);
    }

    /** What was closed before may give its descriptor back late, and is filled in then. */
    private static String tryOne(Opening way, List<FileInputStream> files) {
      for (int i = 0; i < FEW; i++) {
        fill(files);
        try {
          way.run();
        } catch (IOException | RuntimeException e) {
          return e.getClass().getName();
        }
      }
      return "opened";
    }

    private static void fill(List<FileInputStream> files) {
      try {
        while (true) {
          files.add(new FileInputStream("/dev/null"));
        }
      } catch (IOException e) {
        // full
      }
    }
  }

  @TempDir private Path folder;

  @Test
  void failsWithOneExceptionWhicheverItIs() throws Exception {
    Descriptors.assumeCountable();
    String path = folder.resolve("socket").toString();
    try (Child program = Child.startWithin(FEW, Program.class, List.of(), path)) {
      for (String way :
          List.of(
              "a connection",
              "a unix connection",
              "a pair",
              "a listener",
              "a stream socket",
              "a datagram socket",
              "a client",
              "a udp client")) {
        assertEquals(way + ": " + OutOfResourcesException.class.getName(), program.hear());
      }
      program.awaitEnd();
    }
  }
}
