package socketserver.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.PeerCredentials;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.UnixAddress;
import socketserver.UnixStreamServer;
import socketserver.contract.Peer;
import socketserver.contract.Remains;
import socketserver.contract.UnixStreams;
import socketserver.fixture.RunningServer;

/** Whose process is at the other end of a connection. */
@Timeout(60)
class PeerCredentialsTest {
  /** Connects, sends its process and its user and group, and prints the server's answer. */
  private static final String CLIENT =
      """
      import os, socket, sys
      with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
          s.connect(sys.argv[1])
          s.sendall(b'%d %d %d\\n' % (os.getpid(), os.geteuid(), os.getegid()))
          print(s.makefile().read(), end='')
      """;

  @TempDir Path folder;

  @AfterEach
  void nothingIsLeft() {
    Remains.awaitNoEngine();
  }

  private Path path() {
    return folder.resolve("x.sock");
  }

  private static String text(PeerCredentials credentials) {
    return credentials.pid() + " " + credentials.uid() + " " + credentials.gid();
  }

  /** Answers with the credentials that the system tells, after the line of the client. */
  private static final class Teller extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write(text(request.peerCredentials()) + " of ");
      wfile.write(rfile.readline());
    }
  }

  private static void assumePython() {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, "python3"))) {
        return;
      }
    }
    String reason = "SKIPPED: there is no python3 on the path whose credentials could be asked";
    System.err.println(reason);
    Assumptions.abort(reason);
  }

  private Process python() throws IOException {
    return new ProcessBuilder("python3", "-c", CLIENT, path().toString())
        .redirectErrorStream(true)
        .start();
  }

  private static String onlyLine(Process process) throws IOException, InterruptedException {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      String line = reader.readLine();
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "python3 does not end");
      assertEquals(0, process.exitValue(), line);
      return line;
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aHandlerKnowsTheProcessOfItsClient() throws Exception {
    assumePython();
    try (var server = RunningServer.start(new UnixStreamServer(path(), Teller::new))) {
      String[] told = onlyLine(python()).split(" of ");
      assertEquals(told[1], told[0], () -> "at " + server.server().serverAddress());
    }
  }

  @Test
  void verifyRequestKnowsTheProcessOfTheClient() throws Exception {
    assumePython();
    BlockingQueue<String> verified = new LinkedBlockingQueue<>();
    class Verifying extends UnixStreamServer {
      Verifying() throws IOException {
        super(path(), Teller::new);
      }

      @Override
      public boolean verifyRequest(StreamSocket request, SocketAddress clientAddress)
          throws Exception {
        assertEquals(UnixAddress.UNNAMED, clientAddress);
        verified.add(text(request.peerCredentials()));
        return super.verifyRequest(request, clientAddress);
      }
    }
    try (var server = RunningServer.start(new Verifying())) {
      String[] told = onlyLine(python()).split(" of ");
      assertEquals(told[1], told[0], () -> "at " + server.server().serverAddress());
      assertEquals(told[1], verified.poll(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void aClientThatIsTurnedAwayForWhoItIsGetsTheEnd() throws Exception {
    class Unwelcoming extends UnixStreamServer {
      Unwelcoming() throws IOException {
        super(path(), Teller::new);
      }

      @Override
      public boolean verifyRequest(StreamSocket request, SocketAddress clientAddress)
          throws Exception {
        return request.peerCredentials().pid() != ProcessHandle.current().pid();
      }
    }
    try (var server = RunningServer.start(new Unwelcoming());
        Peer peer = UnixStreams.peer(path())) {
      assertTrue(peer.isAtEnd(), () -> "at " + server.server().serverAddress());
    }
  }

  @Test
  void aClientIsToldTheProcessOfItsServer() throws Exception {
    try (var server = RunningServer.start(new UnixStreamServer(path(), Teller::new));
        StreamSocket client = StreamSocket.connect(server.server().serverAddress())) {
      PeerCredentials credentials = client.peerCredentials();
      assertEquals(ProcessHandle.current().pid(), credentials.pid());
      assertEquals(Files.getAttribute(path(), "unix:uid"), credentials.uid());
      client.sendall("me\n");
      byte[] answer = client.recv(1000, StreamSocket.MSG_WAITALL);
      assertEquals(text(credentials) + " of me\n", new String(answer, StandardCharsets.UTF_8));
      // they are of the time when the connection was made
      assertEquals(credentials, client.peerCredentials());
    }
  }

  @Test
  void aConnectionThatIsClosedHasNone() throws Exception {
    try (UnixStreamServer server = new UnixStreamServer(path(), Teller::new)) {
      StreamSocket client = StreamSocket.connect(server.serverAddress());
      client.close();
      assertThrows(IOException.class, client::peerCredentials);
    }
  }

  @Test
  void aConnectionOverTheInternetHasNone() throws Exception {
    try (TCPServer server = new TCPServer(RunningServer.anyPort(), Teller::new);
        StreamSocket client = StreamSocket.connect(server.serverAddress())) {
      UnsupportedOperationException error =
          assertThrows(UnsupportedOperationException.class, client::peerCredentials);
      assertTrue(error.getMessage() != null && !error.getMessage().isEmpty());
    }
  }
}
