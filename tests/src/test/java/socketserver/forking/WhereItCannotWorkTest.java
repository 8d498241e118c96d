package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.BaseRequestHandler;
import socketserver.ForkingMixIn;
import socketserver.ForkingTCPServer;
import socketserver.ForkingUDPServer;
import socketserver.ForkingUnixStreamServer;
import socketserver.fixture.Answering;
import socketserver.fixture.Child;
import socketserver.fixture.Descriptors;
import socketserver.fixture.IsolatedLibrary;
import socketserver.fixture.QueueServer;
import socketserver.fixture.RunningServer;

/** Where requests cannot be handed to processes, the server is not made, and says why. */
@Timeout(120)
class WhereItCannotWorkTest {
  private static final SocketAddress ADDRESS = RunningServer.anyPort();

  @TempDir private Path folder;

  // Without epoll

  /** Tries to make servers where there is no epoll. */
  static final class WithoutEpoll {
    private WithoutEpoll() {}

    private interface Making {
      AutoCloseable make() throws IOException;
    }

    public static void main(String[] args) {
      tell(() -> new ForkingTCPServer(ADDRESS, Answering.with((line, handler) -> line)));
      int before = Descriptors.open();
      tell(() -> new ForkingTCPServer(ADDRESS, Answering.with((line, handler) -> line)));
      tell(() -> new ForkingUDPServer(ADDRESS, Handler::new));
      Path path = Path.of(args[0]);
      tell(() -> new ForkingUnixStreamServer(path, Answering.with((line, handler) -> line)));
      Child.tell(Descriptors.open() - before + " " + Files.exists(path));
    }

    private static void tell(Making making) {
      try {
        making.make();
        Child.tell("it was made");
      } catch (IOException | RuntimeException e) {
        Child.tell(e.toString());
      }
    }
  }

  static final class Handler extends BaseRequestHandler<Object> {}

  @Test
  void withoutEpollTheServersSaySoAndLeaveNothingOpen() throws Exception {
    List<String> options = List.of("-Dsocketserver.transport=nio");
    String path = folder.resolve("s").toString();
    try (Child program = Child.start(WithoutEpoll.class, options, path)) {
      for (int i = 0; i < 4; i++) {
        assertEquals(
            "java.lang.UnsupportedOperationException: forking servers need epoll, and this process"
                + " uses nio",
            program.hear());
      }
      assertEquals("0 false", program.hear());
      program.awaitEnd();
    }
  }

  // Without a socket

  /** Its requests are strings. */
  static final class Socketless extends QueueServer implements ForkingMixIn {
    Socketless() {
      super(Handler::new);
    }
  }

  @Test
  void withoutASocketThereIsNothingToHandOver() {
    UnsupportedOperationException error =
        assertThrows(UnsupportedOperationException.class, () -> new Socketless().close());
    assertTrue(error.getMessage().contains(Socketless.class.getName()), error.getMessage());
    assertTrue(error.getMessage().contains("no socket"), error.getMessage());
  }

  // Without the artifact

  @Test
  void withoutTheArtifactTheServersNameIt() throws Exception {
    List<Path> withoutUnix = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      withoutUnix.add(Path.of(entry));
    }
    URL unix =
        Class.forName("socketserver.unix.UnixTransport")
            .getProtectionDomain()
            .getCodeSource()
            .getLocation();
    assertTrue(withoutUnix.remove(Path.of(unix.toURI())), () -> unix + " is not among them");
    for (Path[] more : new Path[][] {{}, withoutUnix.toArray(Path[]::new)}) {
      try (var library = new IsolatedLibrary(more)) {
        for (String name : List.of("ForkingTCPServer", "ForkingUDPServer")) {
          UnsupportedOperationException error =
              assertThrows(
                  UnsupportedOperationException.class,
                  () -> library.newServer("socketserver." + name, ADDRESS).close());
          assertTrue(error.getMessage().contains("socketserver-unix"), error.getMessage());
          assertFalse(error.getMessage().contains("null"), error.getMessage());
        }
      }
    }
  }
}
