package socketserver.differential;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The client's side of a scenario, made of the JDK's plain sockets: the same script drives Python's
 * server and ours. It notes what it sees.
 */
final class Client implements Closeable {
  private final RunningServer server;
  private final Sockets sockets;
  private final List<String> notes = new ArrayList<>();

  private final List<String> addresses = new ArrayList<>();

  /** The watchdog closes them too. */
  private final List<Closeable> peers = Collections.synchronizedList(new ArrayList<>());

  Client(RunningServer server, Sockets sockets) {
    this.server = server;
    this.sockets = sockets;
  }

  StreamPeer connect() throws IOException {
    return stream(System.nanoTime(), sockets.connect(server.address()));
  }

  /** Connects without an address of its own: usual for the clients of Unix sockets. */
  StreamPeer connectUnnamed() throws IOException {
    return stream(System.nanoTime(), sockets.connectUnnamed(server.address()));
  }

  private StreamPeer stream(long begin, Socket socket) {
    StreamPeer peer = new StreamPeer(begin, socket, peers.size() + 1, this);
    addresses.add(sockets.name(socket.getLocalSocketAddress()));
    peers.add(peer);
    return peer;
  }

  DatagramPeer datagrams() throws IOException {
    return datagrams(sockets.datagrams());
  }

  /** Makes a client that nobody can answer. */
  DatagramPeer unnamedDatagrams() throws IOException {
    return datagrams(sockets.unnamedDatagrams());
  }

  private DatagramPeer datagrams(DatagramClient socket) throws IOException {
    DatagramPeer peer = new DatagramPeer(socket, server.address(), peers.size() + 1, this);
    addresses.add(socket.address());
    peers.add(peer);
    return peer;
  }

  /** Waits until a hook was called or a handler has said something. */
  Client await(String event) throws InterruptedException {
    return await(event, 1);
  }

  Client await(String event, int times) throws InterruptedException {
    server.trace().await(event, times);
    return this;
  }

  /** Lets a handler pass a gate. */
  Client open(String gate) throws Exception {
    server.open(gate);
    return this;
  }

  Client note(String text) {
    notes.add(text);
    return this;
  }

  List<String> notes() {
    return notes;
  }

  /** The names of the clients' addresses, in the order in which they were made. */
  List<String> addresses() {
    return List.copyOf(addresses);
  }

  /** Ends a script that hangs. */
  void abandon() {
    try {
      close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    for (Closeable peer : List.copyOf(peers)) {
      peer.close();
    }
  }
}
