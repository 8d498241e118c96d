package socketserver.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The client's side of a scenario, made of the JDK's plain sockets: the same script drives Python's
 * server and ours. It notes what it sees.
 */
final class Client implements AutoCloseable {
  private final RunningServer server;
  private final List<String> notes = new ArrayList<>();

  /** By the client's port. */
  private final Map<Integer, AutoCloseable> peers = new LinkedHashMap<>();

  Client(RunningServer server) {
    this.server = server;
  }

  StreamPeer connect() throws IOException {
    StreamPeer peer = new StreamPeer(server.port(), peers.size() + 1, this);
    peers.put(peer.port(), peer);
    return peer;
  }

  DatagramPeer datagrams() throws IOException {
    DatagramPeer peer = new DatagramPeer(server.port(), peers.size() + 1, this);
    peers.put(peer.port(), peer);
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

  /** The ports of the clients, in the order in which they were made. */
  List<Integer> ports() {
    return List.copyOf(peers.keySet());
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable peer : peers.values()) {
      peer.close();
    }
  }
}
