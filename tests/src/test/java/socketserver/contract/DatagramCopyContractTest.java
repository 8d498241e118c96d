package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.DgramSocket;
import socketserver.fixture.Descriptors;

/** A datagram socket of which several have a copy: they share what arrives, and steal none. */
@ParameterizedClass
@MethodSource("socketserver.contract.DatagramSetting#plain")
class DatagramCopyContractTest extends OnGround {
  private final DatagramSetting setting;
  private DatagramKind kind;

  private DgramSocket socket;
  private DatagramKind.DatagramPeer peer;

  DatagramCopyContractTest(DatagramSetting setting) {
    super(setting.ground());
    this.setting = setting;
  }

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    kind = setting.kind(folder);
    socket = opened.add(new DgramSocket(kind.family()));
    socket.bind(kind.free());
    peer = opened.add(kind.peer());
  }

  private DgramSocket copy() throws IOException {
    return opened.add(Copies.of(kind, socket));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aCopyThatOnlySendsTakesNothing() throws IOException {
    DgramSocket copy = copy();
    for (int i = 0; i < 100; i++) {
      peer.send(utf8("question " + i), socket.getsockname());
      copy.sendto("answer " + i, peer.address());
      assertArrayEquals(utf8("question " + i), socket.recvfrom(100).data());
      DatagramKind.Packet answer = peer.receive();
      assertArrayEquals(utf8("answer " + i), answer.data());
      assertEquals(socket.getsockname(), answer.sender());
    }
  }

  @Test
  void whoAsksForOneDatagramTakesOne() throws IOException {
    DgramSocket first = copy();
    DgramSocket second = copy();
    var address = first.getsockname();
    socket.close();
    for (String text : new String[] {"a", "b", "c", "d"}) {
      peer.send(utf8(text), address);
    }
    assertArrayEquals(utf8("a"), first.recvfrom(100).data());
    assertArrayEquals(utf8("b"), second.recvfrom(100).data());
    first.close();
    assertArrayEquals(utf8("c"), second.recvfrom(100).data());
    assertArrayEquals(utf8("d"), second.recvfrom(100).data());
  }

  @Test
  void closeOfACopyLeavesTheOthers() throws IOException {
    copy().close();
    DgramSocket other = copy();
    socket.sendto("x", peer.address());
    assertEquals(1, peer.receive().data().length);
    peer.send(utf8("y"), socket.getsockname());
    assertEquals(1, socket.recvfrom(10).data().length);
    socket.close();
    other.sendto("z", peer.address());
    assertArrayEquals(utf8("z"), peer.receive().data());
  }

  @Test
  void sendingNeedsNoThread() throws IOException {
    int descriptor = Copies.of(socket.fileno());
    socket.close();
    Remains.awaitNoEngine();
    DgramSocket copy =
        opened.add(Copies.socket(kind.transport().adoptDatagram(descriptor), kind.family()));
    copy.sendto("x", peer.address());
    assertEquals(1, peer.receive().data().length);
    assertEquals(List.of(), Remains.threads());
  }

  @Test
  void itIsBoundAlready() throws IOException {
    DgramSocket copy = copy();
    assertThrows(IOException.class, () -> copy.bind(kind.free()));
    assertEquals(socket.getsockname(), copy.getsockname());
  }

  @Test
  void whatIsNoSocketIsNotAdopted() throws IOException {
    Path file = Files.createTempFile("no", "socket");
    var open = io.netty.channel.unix.FileDescriptor.from(file.toFile());
    try {
      int descriptor = open.intValue();
      assertThrows(IOException.class, () -> kind.transport().adoptDatagram(descriptor));
    } finally {
      open.close();
      Files.delete(file);
    }
  }

  @Test
  void aThousandCopiesLeaveNoDescriptor() throws IOException {
    Descriptors.assumeCountable();
    int before = Descriptors.open();
    for (int i = 0; i < 1000; i++) {
      try (DgramSocket copy = copy()) {
        copy.sendto("x", peer.address());
      }
      peer.receive();
    }
    assertEquals(before, Descriptors.open());
  }
}
