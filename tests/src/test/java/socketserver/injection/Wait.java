package socketserver.injection;

import static socketserver.injection.Wake.ARRIVES;
import static socketserver.injection.Wake.CLOSED;
import static socketserver.injection.Wake.INTERRUPTED;
import static socketserver.injection.Wake.PEER_CLOSES;
import static socketserver.injection.Wake.SHUT_DOWN;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import socketserver.BaseSocket;
import socketserver.DgramSocket;
import socketserver.ListenerSocket;
import socketserver.SocketConstants;
import socketserver.StreamSocket;
import socketserver.WouldBlockException;
import socketserver.netty.Pipelines;
import socketserver.select.Select;

/** Waits for a socket, and how each can end. */
enum Wait {
  RECV(received()) {
    @Override
    Scene open() throws IOException {
      return Stream.tcp(socket -> socket.recv(8).length + " received");
    }
  },

  RECV_THROUGH_A_PIPELINE(received()) {
    @Override
    Scene open() throws IOException {
      Stream stream = Stream.tcp(socket -> socket.recv(8).length + " received");
      Pipelines.of(stream.socket);
      return stream;
    }
  },

  SEND(
      Map.of(
          ARRIVES, Set.of("1 sent"),
          PEER_CLOSES, Set.of("ConnectionResetException", "BrokenPipeException"),
          CLOSED, Set.of("SocketException"),
          SHUT_DOWN, Set.of("BrokenPipeException"),
          INTERRUPTED, Set.of("InterruptedIOException"))) {
    @Override
    Scene open() throws IOException {
      return Stream.full(socket -> socket.send(new byte[1]) + " sent");
    }
  },

  ACCEPT(
      Map.of(
          ARRIVES, Set.of("accepted"),
          CLOSED, Set.of("SocketException"),
          INTERRUPTED, Set.of("InterruptedIOException"))) {
    @Override
    Scene open() throws IOException {
      return new Listener();
    }
  },

  RECVFROM(
      Map.of(
          ARRIVES, Set.of("1 received"),
          CLOSED, Set.of("SocketException"),
          INTERRUPTED, Set.of("InterruptedIOException"))) {
    @Override
    Scene open() throws IOException {
      return new Datagrams();
    }
  },

  SELECT(Map.of(ARRIVES, Set.of("1 ready"), PEER_CLOSES, Set.of("1 ready"))) {
    @Override
    Scene open() throws IOException {
      return Stream.tcp(
          socket -> Select.select(List.of(socket), List.of(), List.of()).rlist().size() + " ready");
    }
  };

  private final Map<Wake, Set<String>> outcomes;

  Wait(Map<Wake, Set<String>> outcomes) {
    this.outcomes = outcomes;
  }

  private static Map<Wake, Set<String>> received() {
    return Map.of(
        ARRIVES, Set.of("1 received"),
        PEER_CLOSES, Set.of("0 received"),
        CLOSED, Set.of("SocketException"),
        SHUT_DOWN, Set.of("0 received"),
        INTERRUPTED, Set.of("InterruptedIOException"));
  }

  /** How it ends, by what ends it. */
  Map<Wake, Set<String>> outcomes() {
    return outcomes;
  }

  abstract Scene open() throws IOException;

  /** A socket to wait for, and its peer. */
  interface Scene extends AutoCloseable {
    /** Waits, and returns what came of it. */
    String await() throws IOException;

    /** What is waited for comes, or the peer goes. */
    void wake(Wake wake) throws IOException;

    BaseSocket socket();

    @Override
    void close() throws IOException;
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** What waits for a stream. */
  private interface Call {
    String make(StreamSocket socket) throws IOException;
  }

  private static final class Stream implements Scene {
    private final StreamSocket peer;
    private final StreamSocket socket;
    private final Call call;

    /** How much the peer has to take before there is room. */
    private long unread;

    private Stream(StreamSocket peer, StreamSocket socket, Call call) {
      this.peer = peer;
      this.socket = socket;
      this.call = call;
    }

    static Stream tcp(Call call) throws IOException {
      try (ListenerSocket listener = ListenerSocket.createServer(anyPort())) {
        StreamSocket peer = StreamSocket.connect(listener.getsockname());
        return new Stream(peer, listener.accept(), call);
      }
    }

    /** Of the Unix family: there the system moves nothing on later, and full is full. */
    static Stream full(Call call) throws IOException {
      List<StreamSocket> pair = StreamSocket.socketpair();
      Stream stream = new Stream(pair.get(0), pair.get(1), call);
      stream.fill();
      return stream;
    }

    private void fill() throws IOException {
      socket.setblocking(false);
      try {
        while (true) {
          unread += socket.send(new byte[1]);
        }
      } catch (WouldBlockException e) {
        socket.setblocking(true);
      }
    }

    @Override
    public String await() throws IOException {
      return call.make(socket);
    }

    @Override
    public void wake(Wake wake) throws IOException {
      if (wake == PEER_CLOSES) {
        peer.close();
      } else if (wake == SHUT_DOWN) {
        socket.shutdown(SocketConstants.SHUT_RDWR);
      } else if (unread == 0) {
        peer.send(new byte[1]);
      } else {
        peer.recv((int) unread, SocketConstants.MSG_WAITALL);
      }
    }

    @Override
    public BaseSocket socket() {
      return socket;
    }

    @Override
    public void close() {
      peer.close();
      socket.close();
    }
  }

  private static final class Listener implements Scene {
    private final ListenerSocket socket = ListenerSocket.createServer(anyPort());
    private final InetSocketAddress address = (InetSocketAddress) socket.getsockname();
    private final SocketChannel client = SocketChannel.open();

    Listener() throws IOException {}

    @Override
    public String await() throws IOException {
      socket.accept().close();
      return "accepted";
    }

    @Override
    public void wake(Wake wake) throws IOException {
      client.connect(address);
    }

    @Override
    public BaseSocket socket() {
      return socket;
    }

    @Override
    public void close() throws IOException {
      client.close();
      socket.close();
    }
  }

  private static final class Datagrams implements Scene {
    private final DgramSocket socket = new DgramSocket(StandardProtocolFamily.INET);
    private final DgramSocket peer = new DgramSocket(StandardProtocolFamily.INET);

    Datagrams() throws IOException {
      socket.bind(anyPort());
    }

    @Override
    public String await() throws IOException {
      return socket.recvfrom(8).data().length + " received";
    }

    @Override
    public void wake(Wake wake) throws IOException {
      peer.sendto("x", socket.getsockname());
    }

    @Override
    public BaseSocket socket() {
      return socket;
    }

    @Override
    public void close() {
      peer.close();
      socket.close();
    }
  }
}
