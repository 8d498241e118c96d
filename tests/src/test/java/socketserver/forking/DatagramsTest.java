package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.BaseRequestHandler;
import socketserver.DatagramRequest;
import socketserver.DatagramRequestHandler;
import socketserver.DgramSocket;
import socketserver.ForkingMixIn;
import socketserver.ForkingUDPServer;
import socketserver.ForkingUnixDatagramServer;
import socketserver.UnixAddress;
import socketserver.fixture.Bounds;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RunningServer;
import socketserver.fixture.UdpClient;

/** Datagrams, each answered by a child from the server's own address. */
@Timeout(120)
class DatagramsTest {
  @TempDir private Path folder;

  /** Answers with its process's id and what came. */
  static final class Echo extends DatagramRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write(ProcessHandle.current().pid() + " ");
      wfile.write(packet, 0, packet.length);
    }
  }

  private static long pid(byte[] answer) {
    return Long.parseLong(new String(answer, StandardCharsets.ISO_8859_1).split(" ", 2)[0]);
  }

  private static byte[] expected(byte[] answer, byte[] sent) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write((pid(answer) + " ").getBytes(StandardCharsets.ISO_8859_1));
    bytes.write(sent);
    return bytes.toByteArray();
  }

  private static <S extends ForkingMixIn> S frugal(S server) {
    server.spareChildren(0);
    return server;
  }

  @Test
  void overUdpAreAnsweredEachByAnotherChild() throws Exception {
    try (var running =
            RunningServer.start(frugal(new ForkingUDPServer(RunningServer.anyPort(), Echo::new)));
        UdpClient client = UdpClient.to(running)) {
      Set<Long> pids = new HashSet<>();
      for (int size : new int[] {0, 8192}) {
        byte[] sent = new byte[size];
        byte[] answer = client.send(sent).receive();
        assertArrayEquals(expected(answer, sent), answer);
        pids.add(pid(answer));
      }
      client.send("who");
      assertEquals(running.server().serverAddress(), client.sender());
      assertEquals(2, pids.size());
      assertTrue(!pids.contains(ProcessHandle.current().pid()));
    }
  }

  @Test
  void overUnixSocketsAreAnsweredFromTheSocketThatTheyCameTo() throws Exception {
    ForkingUnixDatagramServer server =
        frugal(new ForkingUnixDatagramServer(folder.resolve("s"), Echo::new));
    server.maxRequestsPerChild(0);
    try (var running = RunningServer.start(server);
        DgramSocket client = new DgramSocket(server.addressFamily())) {
      client.bind(UnixAddress.of(folder.resolve("c")));
      client.settimeout(Bounds.WAIT);
      Set<Long> pids = new HashSet<>();
      for (int size : new int[] {1, 8192}) {
        byte[] sent = new byte[size];
        client.sendto(sent, running.server().serverAddress());
        var answer = client.recvfrom(10_000);
        assertArrayEquals(expected(answer.data(), sent), answer.data());
        assertEquals(server.serverAddress(), answer.address());
        pids.add(pid(answer.data()));
      }
      assertEquals(1, pids.size());
      assertNotEquals(Set.of(ProcessHandle.current().pid()), pids);
    }
  }

  // Nothing that a client sends is deserialised

  /** Would tell if it was read as an object, in whatever process. */
  static final class Trap implements Serializable {
    private static final long serialVersionUID = 1;

    private void readObject(java.io.ObjectInputStream in) {
      throw new IllegalStateException("what a client sent was read as an object");
    }
  }

  /** Says what it was given. */
  static final class Described extends BaseRequestHandler<DatagramRequest> {
    @Override
    public void handle() throws IOException {
      byte[] data = request.data();
      String text = data.getClass().getSimpleName() + " " + data.length;
      request.socket().sendto(text.getBytes(StandardCharsets.UTF_8), clientAddress);
    }
  }

  @Test
  void areBytesWhateverTheyHold() throws Exception {
    ByteArrayOutputStream object = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(object)) {
      out.writeObject(new Trap());
    }
    try (LogCapture log = new LogCapture();
        var running =
            RunningServer.start(
                frugal(new ForkingUDPServer(RunningServer.anyPort(), Described::new)));
        UdpClient client = UdpClient.to(running)) {
      assertEquals("byte[] " + object.size(), client.send(object.toByteArray()).text());
      assertEquals(List.of(), log.at(Level.WARN));
    }
  }
}
