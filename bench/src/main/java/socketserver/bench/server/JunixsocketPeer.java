package socketserver.bench.server;

import java.io.IOException;
import java.net.DatagramPacket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * junixsocket by hand: a thread for each connection; datagrams are answered by the thread that
 * receives them.
 */
final class JunixsocketPeer implements Peer {
  @Override
  public String name() {
    return "junixsocket";
  }

  @Override
  public Map<String, List<String>> servers() {
    return Map.of("threading", List.of("unix-lines", "unix-datagrams"));
  }

  @Override
  public Served open(String strategy, String protocol) throws Exception {
    Path path = SocketFolder.newPath();
    AFUNIXSocketAddress address = AFUNIXSocketAddress.of(path);
    if (protocol.equals("unix-datagrams")) {
      AFUNIXDatagramSocket socket = AFUNIXDatagramSocket.newInstance();
      socket.bind(address);
      return Served.of("path " + path, () -> echo(socket));
    }
    AFUNIXServerSocket listener = AFUNIXServerSocket.newInstance();
    listener.bind(address, BACKLOG);
    Executor threads = Threads.of(strategy);
    return Served.of("path " + path, () -> serve(listener, threads));
  }

  private static void serve(AFUNIXServerSocket listener, Executor threads) throws IOException {
    while (true) {
      AFUNIXSocket connection = listener.accept();
      threads.execute(() -> converse(connection));
    }
  }

  private static void converse(AFUNIXSocket connection) {
    try (connection) {
      LineEcho.echo(connection.getInputStream(), connection.getOutputStream());
    } catch (IOException e) {
      // the client has gone
    }
  }

  private static void echo(AFUNIXDatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[PIECE], PIECE);
    while (true) {
      packet.setLength(PIECE);
      socket.receive(packet);
      socket.send(packet);
    }
  }
}
