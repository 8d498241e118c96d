package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.unix.FileDescriptor;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.spi.StreamEndpoint;

/** A TCP connection that nobody has used yet: it is nobody's business what arrives there. */
@ParameterizedClass
@MethodSource("socketserver.contract.StreamSetting#withoutPipeline")
class UnusedContractTest extends ConnectionFixture {
  UnusedContractTest(StreamSetting setting) {
    super(setting);
  }

  private StreamEndpoint endpoint() {
    return (StreamEndpoint) socket.transportEndpoint();
  }

  @Test
  void nothingIsRead() throws IOException {
    peer.send("left alone");
    FileDescriptor copy = new FileDescriptor(Copies.of(socket.fileno()));
    try {
      // what is not there for the copy to read was read by the library
      ByteBuffer received = ByteBuffer.allocateDirect(100);
      Eventually.holds("it arrives", () -> isAllThere(copy, received));
      assertEquals(0, endpoint().handOver().length);
    } finally {
      copy.close();
    }
  }

  private static boolean isAllThere(FileDescriptor copy, ByteBuffer target) throws IOException {
    int count = copy.read(target, target.position(), target.limit());
    target.position(target.position() + Math.max(count, 0));
    return target.position() == "left alone".length();
  }

  @Test
  void whatIsAskedAboutTheConnectionIsNoUse() throws IOException {
    socket.getpeername();
    socket.getsockname();
    socket.setsockopt(
        StreamSocket.SOL_SOCKET, StreamSocket.SO_LINGER, HandleContractTest.linger(0, 0));
    socket.getsockopt(StreamSocket.SOL_SOCKET, StreamSocket.SO_KEEPALIVE);
    nothingIsRead();
  }

  @Test
  void nagleIsAsThePythonProgrammerSetIt() throws IOException {
    int level = StreamSocket.IPPROTO_TCP;
    assertEquals(0, socket.getsockopt(level, StreamSocket.TCP_NODELAY));
    socket.setsockopt(level, StreamSocket.TCP_NODELAY, 1);
    socket.sendall("used");
    assertEquals(1, socket.getsockopt(level, StreamSocket.TCP_NODELAY));
    endpoint().handOver();
    int copy = Copies.of(socket.fileno());
    StreamSocket other = opened.add(Copies.socket(kind.transport().adoptStream(copy, new byte[0])));
    other.sendall("used");
    assertEquals(1, other.getsockopt(level, StreamSocket.TCP_NODELAY));
  }

  @Test
  void anUnusedConnectionIsDetached() throws IOException {
    peer.send("never read");
    int descriptor = socket.fileno();
    assertEquals(descriptor, socket.detach());
    assertEquals(-1, socket.fileno());
    socket.close();
    new FileDescriptor(descriptor).close();
  }

  @Test
  void closeOfAnUnusedConnectionEndsIt() throws IOException {
    socket.close();
    assertEquals(-1, socket.fileno());
    assertTrue(peer.isAtEnd());
  }

  @Test
  void aThousandUnusedConnectionsLeaveNoDescriptor() throws IOException {
    Descriptors.assumeCountable();
    ListenerSocket listener = opened.add(new ListenerSocket(kind.family()));
    kind.prepare(listener);
    listener.bind(kind.free());
    listener.listen(50);
    exchange(listener);
    int before = Descriptors.open();
    for (int i = 0; i < 1000; i++) {
      exchange(listener);
    }
    int after = Descriptors.open();
    assertTrue(after <= before, after + " are open, and before were " + before);
  }

  private void exchange(ListenerSocket listener) throws IOException {
    try (Peer client = kind.connect(listener.getsockname())) {
      client.send("never read");
      kind.goOnWith(listener.accept()).close();
    }
  }

  @Test
  void whatNobodyAcceptedIsResetWhenTheListenerCloses() throws IOException {
    Descriptors.assumeCountable();
    int before = Descriptors.open();
    ListenerSocket listener = opened.add(new ListenerSocket(kind.family()));
    kind.prepare(listener);
    listener.bind(kind.free());
    listener.listen(50);
    Peer[] clients = new Peer[8];
    for (int i = 0; i < clients.length; i++) {
      clients[i] = opened.add(kind.connect(listener.getsockname()));
    }
    listener.close();
    for (Peer client : clients) {
      assertThrows(IOException.class, () -> client.receive(1));
      client.close();
    }
    assertEquals(before, Descriptors.open());
  }

  @Test
  void tlsStartsOnItAndStaysInTheProcess() throws Exception {
    X509Bundle certificate =
        new CertificateBuilder()
            .subject("CN=localhost")
            .addSanDnsName("localhost")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    SSLContext server = SSLContext.getInstance("TLS");
    server.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
    SSLContext client = SSLContext.getInstance("TLS");
    client.init(null, certificate.toTrustManagerFactory().getTrustManagers(), null);
    PendingCall<String> talking = PendingCall.call(() -> talk(client));
    socket.startTls(server);
    assertArrayEquals("question".getBytes(StandardCharsets.UTF_8), receive(socket, 8));
    IOException error = assertThrows(IOException.class, endpoint()::handOver);
    assertTrue(error.getMessage().contains("tls"), error.getMessage());
    socket.sendall("answer");
    assertEquals("answer", talking.result());
  }

  private String talk(SSLContext context) throws IOException {
    SSLSocket tls =
        (SSLSocket)
            context.getSocketFactory().createSocket(peer.channel().socket(), "localhost", 0, false);
    tls.getOutputStream().write("question".getBytes(StandardCharsets.UTF_8));
    return new String(tls.getInputStream().readNBytes(6), StandardCharsets.UTF_8);
  }
}
