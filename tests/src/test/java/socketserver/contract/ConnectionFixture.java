package socketserver.contract;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.fixture.Eventually;

/** A connection between the library and a peer outside of it, for each test a new one. */
@Timeout(60)
abstract class ConnectionFixture {
  final Opened opened = new Opened();

  /** The library's end. */
  StreamSocket socket;

  /** The other end. */
  Peer peer;

  final Setting setting;

  ConnectionFixture(Setting setting) {
    this.setting = setting;
  }

  @BeforeEach
  void connect() throws IOException {
    if (setting.accepted()) {
      accept();
    } else {
      reachOut();
    }
    setting.kind().assertRuns(setting.mechanism(), socket);
  }

  private void accept() throws IOException {
    ListenerSocket listener = opened.add(new ListenerSocket(setting.kind().family()));
    setting.kind().prepare(listener);
    listener.bind(setting.kind().free());
    listener.listen(5);
    peer = opened.add(setting.kind().connect(listener.getsockname()));
    socket = opened.add(setting.kind().goOnWith(listener.accept()));
  }

  private void reachOut() throws IOException {
    StreamKind.PeerListener listener = opened.add(setting.kind().listen());
    socket = opened.add(StreamSocket.connect(listener.address()));
    peer = opened.add(listener.accept());
  }

  @AfterEach
  void closeAndLeaveNothing() throws Exception {
    // first the peer: what it has not read would be waited for
    if (peer != null) {
      peer.close();
    }
    opened.close();
    Remains.awaitNoEngine();
  }

  /** Has the peer go in such a way that the library's end has a reset. */
  void reset() throws IOException {
    setting.kind().reset(peer, socket);
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
