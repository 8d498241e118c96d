package socketserver.differential;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The client's side of a scenario, made of the JDK's plain sockets: the same script drives Python's
 * server and ours. It notes what it sees.
 */
final class Client implements Closeable {
  private final RunningServer server;
  private final List<String> notes = new ArrayList<>();

  /** By the client's port; the watchdog closes them too. */
  private final Map<Integer, Closeable> peers = Collections.synchronizedMap(new LinkedHashMap<>());

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
    for (Closeable peer : List.copyOf(peers.values())) {
      peer.close();
    }
  }
}
