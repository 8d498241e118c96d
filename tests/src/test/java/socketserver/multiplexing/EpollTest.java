package socketserver.multiplexing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.select.Epoll;
import socketserver.select.PollEvent;

@Timeout(30)
class EpollTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Epoll epoll = new Epoll();
  private ListenerSocket listener;

  @BeforeEach
  void listen() throws Exception {
    listener = new ListenerSocket(StandardProtocolFamily.INET);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    listener.listen(5);
  }

  @AfterEach
  void close() {
    epoll.close();
    listener.close();
  }

  @Test
  void aListenerIsReadyWhenThereIsAConnectionToAccept() throws Exception {
    epoll.register(listener, Epoll.EPOLLIN);
    assertEquals(List.of(), epoll.poll(Duration.ZERO));
    try (StreamSocket client = StreamSocket.connect(listener.getsockname())) {
      List<PollEvent> events = epoll.poll(LONG);
      assertTrue(client.fileno() >= 0);
      assertEquals(1, events.size());
      assertSame(listener, events.get(0).fileobj());
      assertEquals(Epoll.EPOLLIN, events.get(0).events());
      listener.accept().close();
      assertEquals(List.of(), epoll.poll(Duration.ZERO));
    }
  }

  @Test
  void aConnectionIsReadyAsLongAsThereIsSomethingToRead() throws Exception {
    try (StreamSocket client = StreamSocket.connect(listener.getsockname());
        StreamSocket server = listener.accept()) {
      server.setblocking(false);
      epoll.register(server, Epoll.EPOLLIN);
      assertEquals(List.of(), epoll.poll(Duration.ZERO));
      client.sendall("hello");
      assertEquals(Epoll.EPOLLIN, epoll.poll(LONG).get(0).events());
      assertEquals(Epoll.EPOLLIN, epoll.poll(LONG).get(0).events());
      byte[] data = new byte[5];
      assertEquals(5, server.recvInto(data));
      assertArrayEquals("hello".getBytes(), data);
      assertEquals(List.of(), epoll.poll(Duration.ZERO));
      epoll.modify(server, Epoll.EPOLLIN | Epoll.EPOLLOUT);
      assertEquals(Epoll.EPOLLOUT, epoll.poll(LONG).get(0).events());
      epoll.modify(server, Epoll.EPOLLIN | Epoll.EPOLLRDHUP);
      client.shutdown(StreamSocket.SHUT_WR);
      assertEquals(Epoll.EPOLLIN | Epoll.EPOLLRDHUP, epoll.poll(LONG).get(0).events());
      assertEquals(0, server.recvInto(data));
    }
    assertEquals(List.of(), epoll.poll(Duration.ZERO));
  }

  @Test
  void aConnectionThatHadToWaitIsReadyAllTheSame() throws Exception {
    try (StreamSocket client = StreamSocket.connect(listener.getsockname());
        StreamSocket server = listener.accept()) {
      epoll.register(server, Epoll.EPOLLIN);
      server.settimeout(Duration.ofMillis(1));
      try {
        server.recv(1);
      } catch (java.net.SocketTimeoutException e) {
        assertTrue(server.fileno() > 0);
      }
      client.sendall("hello");
      assertEquals(Epoll.EPOLLIN, epoll.poll(LONG).get(0).events());
      assertEquals("hello", new String(server.recv(10)));
      assertEquals(List.of(), epoll.poll(Duration.ZERO));
    }
  }
}
