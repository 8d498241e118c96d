package socketserver.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import socketserver.ForkingTCPServer;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.UnixDatagramServer;
import socketserver.UnixStreamServer;
import socketserver.fixture.Answering;
import socketserver.fixture.Child;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/**
 * Where the native libraries cannot be unpacked and loaded, as in a container whose temporary
 * folder is read-only or in which nothing may be executed, what is missing is said, and what helps.
 */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class WithoutNativesTest {
  private static final String NETTY = "io.netty.native.workdir";
  private static final String JUNIXSOCKET = "org.newsclub.net.unix.library.tmpdir";

  @TempDir private Path folder;

  /** An option that names a folder which nobody can make, not even root. */
  private String nowhere(String property) throws IOException {
    Path file = folder.resolve("file");
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    return "-D" + property + "=" + file.resolve("folder");
  }

  private interface Attempt {
    void make() throws IOException;
  }

  /** Tells what has become of an attempt. */
  private static void tell(Attempt attempt) {
    try {
      attempt.make();
      Child.tell("it works");
    } catch (IOException | RuntimeException e) {
      Child.tell(e.toString().replace('\n', ' '));
    }
  }

  /** Serves what works, and tells of what does not. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws IOException {
      Path folder = Path.of(arguments[0]);
      try (LogCapture log = new LogCapture();
          var streams = RunningServer.start(new UnixStreamServer(folder.resolve("s"), Echo::new));
          StreamSocket client = StreamSocket.connect(streams.server().serverAddress())) {
        client.sendall("x\n");
        Child.tell("served: " + client.recv(1).length);
        try (var internet =
                RunningServer.start(
                    new TCPServer(RunningServer.anyPort(), Answering.with((l, h) -> l)));
            TcpClient other = TcpClient.to(internet)) {
          Child.tell("served: " + other.send("y\n").line().strip());
        }
        Child.tell(log.at(Level.WARN).size());
        Child.tell(String.join(" ", log.at(Level.WARN)));
        tell(() -> new ForkingTCPServer(RunningServer.anyPort(), Answering.with((l, h) -> l)));
        tell(() -> new UnixDatagramServer(folder.resolve("d"), DatagramEcho::new).close());
        tell(() -> StreamSocket.socketpair());
        tell(() -> client.peerCredentials());
        tell(() -> client.sendFds(new byte[1], FileDescriptor.in));
        tell(() -> new UnixStreamServer("\0" + folder, Echo::new).close());
      }
    }
  }

  private Child program(String... options) throws IOException {
    return Child.start(Program.class, List.of(options), folder.toString());
  }

  @Test
  void thereIsOneWarningWithTheCauseAndTheCureAndEveryErrorSaysItToo() throws IOException {
    try (Child program = program(nowhere(NETTY), nowhere(JUNIXSOCKET))) {
      assertSaysSo(program, folder.resolve("file").resolve("folder").toString());
    }
  }

  private static void assertSaysSo(Child program, String cause) {
    assertEquals("served: 1", program.hear());
    assertEquals("served: y", program.hear());
    assertEquals("1", program.hear());
    String warning = program.hear();
    assertTrue(warning.contains("credentials"), warning);
    assertTrue(warning.contains(cause), warning);
    assertTrue(warning.contains("-D" + NETTY), warning);
    assertTrue(warning.contains("-D" + JUNIXSOCKET), warning);
    for (int i = 0; i < 6; i++) {
      String error = program.hear();
      assertTrue(error.contains("epoll"), error);
      assertTrue(error.contains("-D" + NETTY), error);
    }
    program.awaitEnd();
  }

  @Test
  void inATemporaryFolderOfWhichNothingCanBeExecutedItIsTheSame() throws IOException {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    if (!Child.canMount(temporary)) {
      String message = "SKIPPED: this machine lets nobody mount a file system (unshare -rm)";
      System.err.println(message);
      Assumptions.abort(message);
    }
    List<String> options = List.of("-Djava.io.tmpdir=" + temporary);
    try (Child program =
        Child.startWithNoExec(temporary, Program.class, options, folder.toString())) {
      assertSaysSo(program, temporary.toString());
    }
  }

  @Test
  void withNettysLibraryAloneWhatNeedsTheOtherSaysSo() throws IOException {
    try (Child program = program(nowhere(JUNIXSOCKET))) {
      assertEquals("served: 1", program.hear());
      assertEquals("served: y", program.hear());
      assertEquals("0", program.hear());
      assertEquals("", program.hear());
      String forking = program.hear();
      assertTrue(forking.contains("-D" + JUNIXSOCKET), forking);
      assertEquals("it works", program.hear());
      String pair = program.hear();
      assertTrue(pair.contains("-D" + JUNIXSOCKET), pair);
      assertEquals("it works", program.hear());
      String passing = program.hear();
      assertTrue(passing.contains("-D" + JUNIXSOCKET), passing);
      assertEquals("it works", program.hear());
      program.awaitEnd();
    }
  }

  @Test
  void aMechanismThatWasAskedForIsRefusedWithTheCure() throws IOException {
    try (Child program =
        Child.start(Asking.class, List.of("-Dsocketserver.transport=epoll", nowhere(NETTY)))) {
      String error = program.hear();
      assertTrue(error.contains("socketserver.transport is epoll"), error);
      assertTrue(error.contains("-D" + NETTY), error);
      program.awaitEnd();
    }
  }

  /** Asks for a socket. */
  static final class Asking {
    private Asking() {}

    public static void main(String[] arguments) {
      tell(() -> new StreamSocket(StandardProtocolFamily.INET).close());
    }
  }
}
