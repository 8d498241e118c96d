package socketserver.multiplexing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.UnixAddress;
import socketserver.fixture.Background;

/**
 * Two ends of a connection, both the library's.
 *
 * @param watched the one that is selected on; it does not block
 * @param other the other one; it blocks
 */
record Ends(StreamSocket watched, StreamSocket other) implements AutoCloseable {
  private static final Duration MOMENT = Duration.ofMillis(1);

  /** How to come by a connection. */
  enum Kind {
    TCP_ACCEPTED(StandardProtocolFamily.INET),
    TCP_CONNECTED(StandardProtocolFamily.INET) {
      @Override
      Ends of(StreamSocket accepted, StreamSocket connected) {
        return new Ends(connected, accepted);
      }
    },
    TCP6_ACCEPTED(StandardProtocolFamily.INET6),
    UNIX_ACCEPTED(StandardProtocolFamily.UNIX),
    UNIX_CONNECTED(StandardProtocolFamily.UNIX) {
      @Override
      Ends of(StreamSocket accepted, StreamSocket connected) {
        return new Ends(connected, accepted);
      }
    },

    /** Somebody has waited for it. */
    TCP_AFTER_WAITING(StandardProtocolFamily.INET) {
      @Override
      Ends of(StreamSocket accepted, StreamSocket connected) throws IOException {
        awaitInVain(accepted);
        return new Ends(accepted, connected);
      }
    },

    /** The same of a Unix socket. */
    UNIX_AFTER_WAITING(StandardProtocolFamily.UNIX) {
      @Override
      Ends of(StreamSocket accepted, StreamSocket connected) throws IOException {
        awaitInVain(accepted);
        return new Ends(accepted, connected);
      }
    },

    /** What goes over the wire is not what is read. */
    TLS_ACCEPTED(StandardProtocolFamily.INET) {
      @Override
      Ends of(StreamSocket accepted, StreamSocket connected) throws IOException {
        CompletableFuture<StreamSocket> client =
            Background.ask("shakes hands", () -> connected.startTls(Tls.CLIENT));
        StreamSocket server = accepted.startTls(Tls.SERVER);
        StreamSocket other = Background.result(client);
        // the tickets that the server has sent after its handshake are nothing to read
        server.sendall("x");
        if (other.recv(1).length != 1) {
          throw new IOException("the connection has ended");
        }
        return new Ends(server, other);
      }
    };

    private final ProtocolFamily family;

    Kind(ProtocolFamily family) {
      this.family = family;
    }

    /** Makes the two ends of the two sockets. */
    Ends of(StreamSocket accepted, StreamSocket connected) throws IOException {
      return new Ends(accepted, connected);
    }

    boolean isUnix() {
      return family == StandardProtocolFamily.UNIX;
    }

    /** Whether a wait for this is one for a descriptor. */
    boolean isDescriptor() {
      return switch (this) {
        case TCP_ACCEPTED, TCP6_ACCEPTED, UNIX_ACCEPTED, UNIX_CONNECTED -> true;
        default -> false;
      };
    }

    /** Opens a connection. */
    Ends open() throws IOException {
      return Ends.open(family, this::of);
    }
  }

  /** Makes two ends of two sockets. */
  interface Making {
    Ends of(StreamSocket accepted, StreamSocket connected) throws IOException;
  }

  /** Opens a connection of a family. */
  static Ends open(ProtocolFamily family, Making making) throws IOException {
    Path folder = family == StandardProtocolFamily.UNIX ? Files.createTempDirectory("ends") : null;
    SocketAddress free = folder == null ? loopback(family) : UnixAddress.of(folder.resolve("s"));
    try (ListenerSocket listener = new ListenerSocket(family)) {
      listener.bind(free);
      listener.listen(5);
      StreamSocket connected = StreamSocket.connect(listener.getsockname());
      StreamSocket accepted = listener.accept();
      Ends ends = making.of(accepted, connected);
      ends.watched.setblocking(false);
      return ends;
    } finally {
      if (folder != null) {
        Files.deleteIfExists(folder.resolve("s"));
        Files.delete(folder);
      }
    }
  }

  /** A loopback address with any port; skips the test, loudly, where there is none. */
  static InetSocketAddress loopback(ProtocolFamily family) throws IOException {
    if (family != StandardProtocolFamily.INET6) {
      return new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
    }
    InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("::1"), 0);
    try (ListenerSocket probe = new ListenerSocket(family)) {
      probe.bind(address);
      return address;
    } catch (IOException e) {
      String message = "SKIPPED: this machine has no IPv6 loopback address: " + e.getMessage();
      System.err.println(message);
      Assumptions.abort(message);
      return null;
    }
  }

  /** Waits for what does not come, so that an event loop reads the socket from now on. */
  static void awaitInVain(StreamSocket socket) throws IOException {
    socket.settimeout(MOMENT);
    try {
      socket.recv(1);
    } catch (SocketTimeoutException e) {
      socket.settimeout(null);
      return;
    }
    throw new IOException("there was something to read");
  }

  @Override
  public void close() {
    watched.close();
    other.close();
  }
}
