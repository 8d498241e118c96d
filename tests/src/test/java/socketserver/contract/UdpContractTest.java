package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.DgramSocket;

/** What is UDP's alone: broadcast, groups, and names. All of it stays on the loopback interface. */
@ParameterizedClass
@MethodSource("socketserver.contract.Ground#all")
class UdpContractTest extends OnGround {
  private static final String GROUP = "239.1.2.3";

  UdpContractTest(Ground ground) {
    super(ground);
  }

  private DgramSocket open() throws IOException {
    return opened.add(new DgramSocket(StandardProtocolFamily.INET));
  }

  private static int port(DgramSocket socket) throws IOException {
    return ((InetSocketAddress) socket.getsockname()).getPort();
  }

  @Test
  void theMechanismIsTheChosenOne() throws IOException {
    ground.mechanism.assertRuns(open().transportEndpoint());
  }

  @Test
  void aNameIsResolved() throws IOException {
    DgramSocket receiver = open();
    receiver.bind(InetSocketAddress.createUnresolved("localhost", 0));
    DgramSocket sender = open();
    sender.sendto("x", InetSocketAddress.createUnresolved("localhost", port(receiver)));
    assertEquals(1, receiver.recvfrom(10).data().length);
    assertThrows(
        IOException.class,
        () -> sender.sendto("x", InetSocketAddress.createUnresolved("no-such-host.invalid", 9)));
  }

  @Test
  void nobodyListeningIsNoErrorForTheSocket() throws IOException {
    InetSocketAddress nobody;
    try (DatagramChannel closed = DatagramChannel.open().bind(Tcp.loopback())) {
      nobody = (InetSocketAddress) closed.getLocalAddress();
    }
    DgramSocket socket = open();
    socket.bind(Tcp.loopback());
    for (int i = 0; i < 20; i++) {
      socket.sendto("anybody?", nobody);
    }
    DgramSocket other = open();
    other.sendto("x", socket.getsockname());
    assertEquals(1, socket.recvfrom(10).data().length);
  }

  @Test
  void broadcastNeedsPermission() throws IOException {
    DgramSocket receiver = open();
    receiver.bind(new InetSocketAddress("0.0.0.0", 0));
    InetSocketAddress everybody = new InetSocketAddress("127.255.255.255", port(receiver));
    DgramSocket sender = open();
    sender.bind(Tcp.loopback());
    IOException error =
        assertThrows(IOException.class, () -> sender.sendto("hear, hear", everybody));
    assertTrue(error.getMessage().contains("127.255.255.255"), error.getMessage());
    sender.setsockopt(DgramSocket.SOL_SOCKET, DgramSocket.SO_BROADCAST, true);
    assertEquals(1, sender.getsockopt(DgramSocket.SOL_SOCKET, DgramSocket.SO_BROADCAST));
    sender.sendto("hear, hear", everybody);
    byte[] heard = receiver.recvfrom(100).data();
    assertEquals("hear, hear", new String(heard, StandardCharsets.UTF_8));
  }

  @Test
  void broadcastIsOffByDefault() throws IOException {
    DgramSocket socket = open();
    assertEquals(0, socket.getsockopt(DgramSocket.SOL_SOCKET, DgramSocket.SO_BROADCAST));
    socket.setsockopt(StandardSocketOptions.SO_BROADCAST, true);
    assertTrue(socket.getsockopt(StandardSocketOptions.SO_BROADCAST));
  }

  @Test
  void aGroupIsJoinedAndLeft() throws IOException {
    assumeLoopbackTakesGroups();
    DgramSocket member = open();
    member.bind(new InetSocketAddress("0.0.0.0", 0));
    byte[] membership = membership();
    int ip = DgramSocket.IPPROTO_IP;
    member.setsockopt(ip, DgramSocket.IP_ADD_MEMBERSHIP, membership);
    InetSocketAddress group = new InetSocketAddress(GROUP, port(member));
    try (DatagramChannel sender = sender()) {
      sender.send(ByteBuffer.wrap("to all members".getBytes(StandardCharsets.UTF_8)), group);
      byte[] received = member.recvfrom(100).data();
      assertArrayEquals("to all members".getBytes(StandardCharsets.UTF_8), received);
      member.setsockopt(ip, DgramSocket.IP_DROP_MEMBERSHIP, membership);
      sender.send(ByteBuffer.wrap("to former members".getBytes(StandardCharsets.UTF_8)), group);
      // from the same socket, so it cannot overtake what would come before it
      InetSocketAddress direct = new InetSocketAddress("127.0.0.1", port(member));
      sender.send(ByteBuffer.wrap("direct".getBytes(StandardCharsets.UTF_8)), direct);
      assertEquals("direct", new String(member.recvfrom(100).data(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void aGroupThatIsNoneIsRefused() throws IOException {
    DgramSocket socket = open();
    socket.bind(new InetSocketAddress("0.0.0.0", 0));
    byte[] noGroup = ByteBuffer.allocate(8).put(new byte[] {127, 0, 0, 1, 127, 0, 0, 1}).array();
    assertThrows(
        IOException.class,
        () -> socket.setsockopt(DgramSocket.IPPROTO_IP, DgramSocket.IP_ADD_MEMBERSHIP, noGroup));
  }

  @Test
  void howFarAndToWhomMulticastGoesIsSet() throws IOException {
    DgramSocket socket = open();
    int ip = DgramSocket.IPPROTO_IP;
    assertEquals(1, socket.getsockopt(ip, DgramSocket.IP_MULTICAST_TTL));
    socket.setsockopt(ip, DgramSocket.IP_MULTICAST_TTL, 3);
    assertEquals(3, socket.getsockopt(StandardSocketOptions.IP_MULTICAST_TTL));
    assertEquals(1, socket.getsockopt(ip, DgramSocket.IP_MULTICAST_LOOP));
    socket.setsockopt(ip, DgramSocket.IP_MULTICAST_LOOP, false);
    assertEquals(0, socket.getsockopt(ip, DgramSocket.IP_MULTICAST_LOOP));
  }

  private static byte[] membership() throws IOException {
    return ByteBuffer.allocate(8)
        .put(InetAddress.getByName(GROUP).getAddress())
        .put(InetAddress.getByName("127.0.0.1").getAddress())
        .array();
  }

  private static NetworkInterface loopbackInterface() throws IOException {
    return NetworkInterface.getByInetAddress(InetAddress.getByName("127.0.0.1"));
  }

  private static DatagramChannel sender() throws IOException {
    return DatagramChannel.open(StandardProtocolFamily.INET)
        .setOption(StandardSocketOptions.IP_MULTICAST_IF, loopbackInterface())
        .setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true)
        .bind(Tcp.loopback());
  }

  /** Tries it without the library: a machine may have no multicast on its loopback interface. */
  private static void assumeLoopbackTakesGroups() throws IOException {
    boolean works;
    try (DatagramChannel member = DatagramChannel.open(StandardProtocolFamily.INET);
        DatagramChannel sender = sender()) {
      member.bind(new InetSocketAddress("0.0.0.0", 0));
      member.join(InetAddress.getByName(GROUP), loopbackInterface());
      int port = ((InetSocketAddress) member.getLocalAddress()).getPort();
      sender.send(ByteBuffer.wrap(new byte[1]), new InetSocketAddress(GROUP, port));
      sender.send(ByteBuffer.wrap(new byte[2]), new InetSocketAddress("127.0.0.1", port));
      ByteBuffer first = ByteBuffer.allocate(10);
      member.receive(first);
      works = first.position() == 1;
    } catch (IOException e) {
      works = false;
    }
    if (!works) {
      String message = "SKIPPED: the loopback interface of this machine takes no multicast";
      System.err.println(message);
      Assumptions.abort(message);
    }
  }
}
