package socketserver.multiplexing;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.util.ArrayDeque;
import java.util.Deque;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;

/** The sockets of a test, all closed in its end. */
final class Sockets implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /** Closes this in the end, before what was added earlier. */
  <T extends AutoCloseable> T add(T thing) {
    opened.push(thing);
    return thing;
  }

  /** Two ends of a TCP connection, of which the first does not block. */
  Ends pair() throws IOException {
    return add(Ends.Kind.TCP_ACCEPTED.open());
  }

  /** Makes it the one whose first end is watched by the system, or read by an event loop. */
  Ends pair(boolean descriptor) throws IOException {
    return add((descriptor ? Ends.Kind.TCP_ACCEPTED : Ends.Kind.TCP_AFTER_WAITING).open());
  }

  ListenerSocket listener() throws IOException {
    ListenerSocket listener = add(new ListenerSocket(StandardProtocolFamily.INET));
    listener.bind(Ends.loopback(StandardProtocolFamily.INET));
    listener.listen(128);
    return listener;
  }

  /** Connects to a listener and accepts that. */
  Ends pair(ListenerSocket listener) throws IOException {
    StreamSocket connected = add(StreamSocket.connect(listener.getsockname()));
    return add(new Ends(add(listener.accept()), connected));
  }

  @Override
  public void close() throws IOException {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException("closing failed", e);
      }
    }
  }
}
