package socketserver.bench.server;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * The sockets of the JDK: a thread for each connection, one of a pool that grows, or a virtual one.
 * Datagrams are answered by the thread that receives them, as nobody would start one for each.
 */
final class JavaNetPeer implements Peer {
  private static final List<String> STREAMS =
      List.of("lines", "line", "chat", "mix", "sink", "source", "unix-lines", "tls-lines");

  @Override
  public String name() {
    return "java.net";
  }

  @Override
  public Map<String, List<String>> servers() {
    return Map.of(
        "threading",
        Stream.concat(STREAMS.stream(), Stream.of("datagrams")).toList(),
        "pool",
        STREAMS,
        "virtual",
        STREAMS);
  }

  @Override
  public Served open(String strategy, String protocol) throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    if (protocol.equals("datagrams")) {
      DatagramSocket socket = new DatagramSocket(new InetSocketAddress(loopback, 0));
      return Served.of("port " + socket.getLocalPort(), () -> echo(socket));
    }
    Executor threads = Threads.of(strategy);
    if (protocol.equals("unix-lines")) {
      Path path = SocketFolder.newPath();
      ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listener.bind(UnixDomainSocketAddress.of(path), BACKLOG);
      return Served.of("path " + path, () -> serve(listener, threads));
    }
    ServerSocket listener =
        protocol.equals("tls-lines")
            ? SelfSigned.CONTEXT.getServerSocketFactory().createServerSocket(0, BACKLOG, loopback)
            : new ServerSocket(0, BACKLOG, loopback);
    Conversation conversation = Conversation.of(protocol);
    return Served.of(
        "port " + listener.getLocalPort(), () -> serve(listener, conversation, threads));
  }

  private static void serve(ServerSocket listener, Conversation conversation, Executor threads)
      throws IOException {
    while (true) {
      Socket connection = listener.accept();
      threads.execute(() -> converse(connection, conversation));
    }
  }

  private static void converse(Socket connection, Conversation conversation) {
    try (connection) {
      connection.setTcpNoDelay(true);
      conversation.hold(connection.getInputStream(), connection.getOutputStream());
    } catch (IOException e) {
      // the client has gone
    }
  }

  private static void serve(ServerSocketChannel listener, Executor threads) throws IOException {
    while (true) {
      SocketChannel connection = listener.accept();
      threads.execute(() -> converse(connection));
    }
  }

  private static void converse(SocketChannel connection) {
    try (connection) {
      LineEcho.echo(Channels.newInputStream(connection), Channels.newOutputStream(connection));
    } catch (IOException e) {
      // the client has gone
    }
  }

  private static void echo(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[PIECE], PIECE);
    while (true) {
      packet.setLength(PIECE);
      socket.receive(packet);
      socket.send(packet);
    }
  }
}
