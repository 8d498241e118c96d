package socketserver.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.BrokenPipeException;
import socketserver.ConnectionResetException;
import socketserver.DgramSocket;
import socketserver.Errno;
import socketserver.ListenerSocket;
import socketserver.SocketConstants;
import socketserver.StreamSocket;
import socketserver.UnixAddress;
import socketserver.WouldBlockException;
import socketserver.fixture.Bounds;

/**
 * The same calls in the same order, by CPython and here: what each returns, and by which exception
 * it fails. The Python of a sequence is beside its Java.
 */
@Timeout(60)
class PythonSequencesTest extends Plain {
  private static final String PYTHON = System.getProperty("socketserver.python", "python3");

  private static final String PRELUDE =
      """
      import atexit, errno, select, shutil, socket, tempfile
      from socket import SOL_SOCKET, SO_ERROR
      def say(what):
          print(what)
      def ex(call):
          code = call()
          print(errno.errorcode.get(code, code))
      def fails(call):
          try:
              print("returned", call())
          except OSError as e:
              print(type(e).__name__)
      def writable(sock):
          assert select.select([], [sock], [], 30)[1]
      def nobody():
          with socket.socket() as s:
              s.bind(("127.0.0.1", 0))
              return s.getsockname()
      def full():
          listener = socket.create_server(("127.0.0.1", 0), backlog=1)
          for _ in range(4):
              s = socket.socket()
              s.setblocking(False)
              s.connect_ex(listener.getsockname())
              kept.append(s)
          kept.append(listener)
          return listener.getsockname()
      kept = []
      server = socket.create_server(("127.0.0.1", 0))
      there = server.getsockname()
      folder = tempfile.mkdtemp()
      atexit.register(shutil.rmtree, folder)
      s = socket.socket()
      """;

  @TempDir Path folder;

  private final List<String> said = new ArrayList<>();
  private StreamSocket socket;

  @BeforeAll
  static void assumePython() {
    try {
      Process process = new ProcessBuilder(PYTHON, "-c", "import socket").start();
      assertTrue(process.waitFor(Bounds.WAIT.toSeconds(), TimeUnit.SECONDS));
    } catch (IOException | InterruptedException e) {
      String message = "SKIPPED: the comparison with CPython did not run: " + e.getMessage();
      System.err.println(message);
      Assumptions.abort(message);
    }
  }

  /** What a sequence here does. */
  private interface Sequence {
    void run(StreamSocket s, SocketAddress there) throws IOException;
  }

  /** A connect_ex. */
  private interface Numbered {
    int call() throws IOException;
  }

  /** Something that is to fail. */
  private interface Failing {
    Object call() throws IOException;
  }

  private void say(Object what) {
    said.add(String.valueOf(what));
  }

  private void ex(Numbered call) throws IOException {
    say(Errno.errorcode(call.call()));
  }

  private void fails(Failing call) {
    try {
      say("returned " + call.call());
    } catch (IOException e) {
      say(pythonName(e));
    }
  }

  /** Python's name for what was thrown, as the porting guide has it. */
  private static String pythonName(IOException error) {
    if (error instanceof WouldBlockException) {
      return "BlockingIOError";
    }
    if (error instanceof ConnectionResetException) {
      return "ConnectionResetError";
    }
    if (error instanceof BrokenPipeException) {
      return "BrokenPipeError";
    }
    if (error instanceof ConnectException) {
      return "ConnectionRefusedError";
    }
    if (error instanceof SocketTimeoutException) {
      return "TimeoutError";
    }
    return error instanceof SocketException ? "OSError" : error.toString();
  }

  private void compare(String python, Sequence sequence) throws Exception {
    ListenerSocket server = open(ListenerSocket.createServer(loopback()));
    socket = open(new StreamSocket(StandardProtocolFamily.INET));
    sequence.run(socket, server.getsockname());
    assertEquals(python(python), said);
  }

  private static List<String> python(String script) throws Exception {
    Process process =
        new ProcessBuilder(PYTHON, "-c", PRELUDE + script)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.getOutputStream().close();
    try (var output = process.getInputStream()) {
      String printed = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(Bounds.WAIT.toSeconds(), TimeUnit.SECONDS));
      return printed.lines().toList();
    } finally {
      process.destroyForcibly();
    }
  }

  private static SocketAddress nobody() throws IOException {
    return closedPort(loopback());
  }

  private SocketAddress full() throws IOException {
    return fullPort(loopback());
  }

  private static int error(StreamSocket s) throws IOException {
    return s.getsockopt(SocketConstants.SOL_SOCKET, SocketConstants.SO_ERROR);
  }

  @Test
  void beforeConnecting() throws Exception {
    compare(
        """
        fails(lambda: s.recv(1))
        fails(lambda: s.getpeername())
        fails(lambda: s.send(b"x"))
        s.setblocking(False)
        fails(lambda: s.recv(1))
        fails(lambda: s.send(b"x"))
        """,
        (s, there) -> {
          fails(() -> s.recv(1));
          fails(() -> s.getpeername());
          fails(() -> s.send(new byte[1]));
          s.setblocking(false);
          fails(() -> s.recv(1));
          fails(() -> s.send(new byte[1]));
        });
  }

  @Test
  void connectedInTheBackground() throws Exception {
    compare(
        """
        s.setblocking(False)
        ex(lambda: s.connect_ex(there))
        writable(s)
        ex(lambda: s.getsockopt(SOL_SOCKET, SO_ERROR))
        ex(lambda: s.connect_ex(there))
        ex(lambda: s.connect_ex(there))
        fails(lambda: s.connect(there))
        fails(lambda: s.recv(1))
        fails(lambda: s.bind(("127.0.0.1", 0)))
        """,
        (s, there) -> {
          s.setblocking(false);
          ex(() -> s.connectEx(there));
          awaitConnected(s);
          ex(() -> error(s));
          ex(() -> s.connectEx(there));
          ex(() -> s.connectEx(there));
          fails(() -> connect(s, there));
          fails(() -> s.recv(1));
          fails(() -> bind(s));
        });
  }

  private static Object connect(StreamSocket s, SocketAddress address) throws IOException {
    s.connectTo(address);
    return null;
  }

  private static Object bind(StreamSocket s) throws IOException {
    s.bind(loopback());
    return null;
  }

  @Test
  void refusedAndAskedForTheError() throws Exception {
    compare(
        """
        gone = nobody()
        s.setblocking(False)
        ex(lambda: s.connect_ex(gone))
        writable(s)
        ex(lambda: s.getsockopt(SOL_SOCKET, SO_ERROR))
        ex(lambda: s.getsockopt(SOL_SOCKET, SO_ERROR))
        ex(lambda: s.connect_ex(gone))
        ex(lambda: s.connect_ex(gone))
        writable(s)
        ex(lambda: s.connect_ex(gone))
        fails(lambda: s.connect(gone))
        """,
        (s, there) -> {
          SocketAddress gone = nobody();
          s.setblocking(false);
          ex(() -> s.connectEx(gone));
          awaitFailed(s);
          ex(() -> error(s));
          ex(() -> error(s));
          ex(() -> s.connectEx(gone));
          ex(() -> s.connectEx(gone));
          awaitFailed(s);
          ex(() -> s.connectEx(gone));
          fails(() -> connect(s, gone));
        });
  }

  @Test
  void refusedAndReadFrom() throws Exception {
    compare(
        """
        gone = nobody()
        s.setblocking(False)
        ex(lambda: s.connect_ex(gone))
        writable(s)
        fails(lambda: s.recv(1))
        fails(lambda: s.send(b"x"))
        """,
        (s, there) -> {
          SocketAddress gone = nobody();
          s.setblocking(false);
          ex(() -> s.connectEx(gone));
          awaitFailed(s);
          fails(() -> s.recv(1));
          fails(() -> s.send(new byte[1]));
        });
  }

  @Test
  void refusedAndWrittenTo() throws Exception {
    compare(
        """
        gone = nobody()
        s.setblocking(False)
        ex(lambda: s.connect_ex(gone))
        writable(s)
        fails(lambda: s.send(b"x"))
        fails(lambda: s.send(b"x"))
        """,
        (s, there) -> {
          SocketAddress gone = nobody();
          s.setblocking(false);
          ex(() -> s.connectEx(gone));
          awaitFailed(s);
          fails(() -> s.send(new byte[1]));
          fails(() -> s.send(new byte[1]));
        });
  }

  @Test
  void refusedWhileItWaits() throws Exception {
    compare(
        """
        gone = nobody()
        ex(lambda: s.connect_ex(gone))
        fails(lambda: s.connect(gone))
        ex(lambda: s.connect_ex(there))
        ex(lambda: s.connect_ex(there))
        """,
        (s, there) -> {
          SocketAddress gone = nobody();
          ex(() -> s.connectEx(gone));
          fails(() -> connect(s, gone));
          ex(() -> s.connectEx(there));
          ex(() -> s.connectEx(there));
        });
  }

  @Test
  void inProgressForLong() throws Exception {
    compare(
        """
        busy = full()
        s.settimeout(0.1)
        ex(lambda: s.connect_ex(busy))
        fails(lambda: s.recv(1))
        s.setblocking(False)
        ex(lambda: s.connect_ex(busy))
        ex(lambda: s.connect_ex(there))
        fails(lambda: s.connect(busy))
        fails(lambda: s.recv(1))
        fails(lambda: s.send(b"x"))
        fails(lambda: s.getpeername())
        ex(lambda: s.getsockopt(SOL_SOCKET, SO_ERROR))
        """,
        (s, there) -> {
          SocketAddress busy = full();
          s.settimeout(shortly());
          ex(() -> s.connectEx(busy));
          fails(() -> s.recv(1));
          s.setblocking(false);
          ex(() -> s.connectEx(busy));
          ex(() -> s.connectEx(there));
          fails(() -> connect(s, busy));
          fails(() -> s.recv(1));
          fails(() -> s.send(new byte[1]));
          fails(() -> s.getpeername());
          ex(() -> error(s));
        });
  }

  @Test
  void unixStreams() throws Exception {
    compare(
        """
        s = socket.socket(socket.AF_UNIX)
        path = folder + "/s"
        ex(lambda: s.connect_ex(path))
        fails(lambda: s.recv(1))
        fails(lambda: s.send(b"x"))
        with socket.socket(socket.AF_UNIX) as l:
            l.bind(path)
            ex(lambda: s.connect_ex(path))
            l.listen(5)
            ex(lambda: s.connect_ex(path))
            ex(lambda: s.connect_ex(path))
        """,
        (ignored, there) -> {
          StreamSocket s = open(new StreamSocket(StandardProtocolFamily.UNIX));
          Path path = folder.resolve("s");
          SocketAddress address = UnixAddress.of(path);
          ex(() -> s.connectEx(address));
          fails(() -> s.recv(1));
          fails(() -> s.send(new byte[1]));
          try (ListenerSocket l = new ListenerSocket(StandardProtocolFamily.UNIX)) {
            l.bind(address);
            ex(() -> s.connectEx(address));
            l.listen(5);
            ex(() -> s.connectEx(address));
            ex(() -> s.connectEx(address));
          }
        });
  }

  @Test
  void aFullUnixServer() throws Exception {
    compare(
        """
        path = folder + "/s"
        l = socket.socket(socket.AF_UNIX)
        l.bind(path)
        l.listen(0)
        s = socket.socket(socket.AF_UNIX)
        s.setblocking(False)
        ex(lambda: s.connect_ex(path))
        s = socket.socket(socket.AF_UNIX)
        s.setblocking(False)
        ex(lambda: s.connect_ex(path))
        fails(lambda: s.connect(path))
        """,
        (ignored, there) -> {
          Path path = folder.resolve("s");
          SocketAddress address = UnixAddress.of(path);
          ServerSocketChannel l = open(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
          l.bind(UnixDomainSocketAddress.of(path), 1);
          // the JDK has no shorter queue: it takes one more
          StreamSocket filler = open(new StreamSocket(StandardProtocolFamily.UNIX));
          filler.connectTo(address);
          StreamSocket first = open(new StreamSocket(StandardProtocolFamily.UNIX));
          first.setblocking(false);
          ex(() -> first.connectEx(address));
          StreamSocket s = open(new StreamSocket(StandardProtocolFamily.UNIX));
          s.setblocking(false);
          ex(() -> s.connectEx(address));
          fails(() -> connect(s, address));
        });
  }

  @Test
  void datagramsToNobody() throws Exception {
    compare(
        """
        with socket.socket(type=socket.SOCK_DGRAM) as d:
            d.bind(("127.0.0.1", 0))
            gone = d.getsockname()
        s = socket.socket(type=socket.SOCK_DGRAM)
        fails(lambda: s.send(b"x"))
        fails(lambda: s.getpeername())
        s.connect(gone)
        s.settimeout(30)
        say(s.send(b"x"))
        fails(lambda: s.recv(1))
        s.setblocking(False)
        fails(lambda: s.recv(1))
        """,
        (ignored, there) -> {
          SocketAddress gone;
          try (DgramSocket d = new DgramSocket(StandardProtocolFamily.INET)) {
            d.bind(loopback());
            gone = d.getsockname();
          }
          DgramSocket s = open(new DgramSocket(StandardProtocolFamily.INET));
          fails(() -> s.send(new byte[1]));
          fails(s::getpeername);
          s.connect(gone);
          s.settimeout(Bounds.WAIT);
          say(s.send(new byte[1]));
          fails(() -> s.recv(1));
          s.setblocking(false);
          fails(() -> s.recv(1));
        });
  }

  @Test
  void unixDatagramsToNobody() throws Exception {
    compare(
        """
        path = folder + "/d"
        s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        fails(lambda: s.send(b"x"))
        fails(lambda: s.getpeername())
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as d:
            d.bind(path)
            s.connect(path)
            say(s.send(b"x"))
        fails(lambda: s.send(b"x"))
        fails(lambda: s.connect(path))
        """,
        (ignored, there) -> {
          SocketAddress path = UnixAddress.of(folder.resolve("d"));
          DgramSocket s = open(new DgramSocket(StandardProtocolFamily.UNIX));
          fails(() -> s.send(new byte[1]));
          fails(s::getpeername);
          try (DgramSocket d = new DgramSocket(StandardProtocolFamily.UNIX)) {
            d.bind(path);
            s.connect(path);
            say(s.send(new byte[1]));
          }
          fails(() -> s.send(new byte[1]));
          fails(
              () -> {
                s.connect(path);
                return null;
              });
        });
  }
}
