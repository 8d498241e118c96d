package socketserver.contract;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.fixture.Eventually;

/** A connection between the library and a peer outside of it, for each test a new one. */
abstract class ConnectionFixture extends OnGround {
  final StreamSetting setting;
  StreamKind kind;

  /** The library's end. */
  StreamSocket socket;

  /** The other end. */
  Peer peer;

  ConnectionFixture(StreamSetting setting) {
    super(setting.ground());
    this.setting = setting;
  }

  @BeforeEach
  void connect(@TempDir Path sockets) throws IOException {
    kind = setting.kind(sockets);
    if (setting.accepted()) {
      accept();
    } else {
      reachOut();
    }
    kind.assertRuns(ground.mechanism, socket);
  }

  private void accept() throws IOException {
    ListenerSocket listener = opened.add(new ListenerSocket(kind.family()));
    kind.prepare(listener);
    listener.bind(kind.free());
    listener.listen(5);
    peer = opened.add(kind.connect(listener.getsockname()));
    socket = opened.add(kind.goOnWith(listener.accept()));
  }

  private void reachOut() throws IOException {
    StreamKind.PeerListener listener = opened.add(kind.listen());
    socket = opened.add(StreamSocket.connect(listener.address()));
    peer = opened.add(listener.accept());
  }

  @AfterEach
  @Override
  void closeAndLeaveNothing() throws Exception {
    // first the peer: what it has not read would be waited for
    if (peer != null) {
      peer.close();
    }
    super.closeAndLeaveNothing();
  }

  /** Has the peer go in such a way that the library's end has a reset. */
  void reset() throws IOException {
    kind.reset(peer, socket);
  }

  /** Waits until as many bytes have arrived as the test has sent. */
  void awaitArrived(int count) {
    Eventually.holds(
        count + " bytes have arrived",
        () -> {
          try {
            return socket.recv(count, StreamSocket.MSG_PEEK | StreamSocket.MSG_DONTWAIT).length
                >= count;
          } catch (IOException e) {
            return false;
          }
        });
  }

  /** Receives a number of bytes with as many calls as it takes. */
  static byte[] receive(StreamSocket socket, int size) throws IOException {
    byte[] all = new byte[size];
    int count = 0;
    while (count < size) {
      int received = socket.recvInto(all, count, size - count);
      if (received == 0) {
        throw new java.io.EOFException("the end after " + count + " of " + size + " bytes");
      }
      count += received;
    }
    return all;
  }
}
