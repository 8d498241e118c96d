package socketserver.outside;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import socketserver.DatagramRequestHandler;
import socketserver.ForkingTCPServer;
import socketserver.SocketReader;
import socketserver.SocketServer;
import socketserver.StreamSocket;
import socketserver.Systemd;
import socketserver.SystemdSocket;
import socketserver.TCPServer;
import socketserver.ThreadingTCPServer;
import socketserver.ThreadingUnixStreamServer;
import socketserver.UDPServer;
import socketserver.UnixAddress;
import socketserver.fixture.Answering;
import socketserver.fixture.Child;

/**
 * A service of systemd's. It tells the name and kind of each socket that it is passed, then what it
 * does by its argument. Its server answers lines.
 */
final class Service {
  private static final SocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private Service() {}

  /** Answers a datagram with itself. */
  static final class Echo extends DatagramRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write(request.data());
    }
  }

  /** Says what a process has of systemd's. */
  private static Object answer(String line, Answering handler) throws IOException {
    return switch (line) {
      case "fds" -> System.getenv("LISTEN_FDS") + " " + Systemd.listenFds().size();
      case "pid" -> ProcessHandle.current().pid();
      case "stop" -> {
        new Thread(handler.server::shutdown).start();
        yield "stops";
      }
      default -> line;
    };
  }

  public static void main(String[] arguments) throws Exception {
    List<SystemdSocket> passed = Systemd.listenFds();
    for (SystemdSocket socket : passed) {
      Child.tell(socket.name() + " " + socket.socket().getClass().getSimpleName());
    }
    if (Systemd.listenFds() != passed) {
      throw new AssertionError("the second call returns others");
    }
    switch (arguments[0]) {
      case "listen" -> serve(streams(passed));
      case "unix" -> {
        var server =
            new ThreadingUnixStreamServer(
                UnixAddress.UNNAMED, Answering.with(Service::answer), false);
        server.socket(passed.get(0).listener());
        serve(server);
      }
      case "fork" -> {
        var server = new ForkingTCPServer(ANY_PORT, Answering.with(Service::answer), false);
        server.socket(passed.get(0).listener());
        serve(server);
      }
      case "datagrams" -> {
        UDPServer server = new UDPServer(ANY_PORT, Echo::new, false);
        server.socket(passed.get(0).datagram());
        serve(server);
      }
      case "sync" -> serve(new TCPServer(ANY_PORT, Answering.with(Service::answer)));
      case "connection" -> answerOnce(passed.get(0).connection());
      case "wrong" -> {
        try {
          passed.get(0).datagram();
        } catch (IllegalStateException e) {
          Child.tell(e.getMessage());
        }
      }
      case "inetd" -> {
        StreamSocket connection = StreamSocket.fromFd(0);
        answerOnce(connection);
      }
      default -> throw new IllegalArgumentException("unknown: " + arguments[0]);
    }
  }

  /** As the documents show it. */
  private static ThreadingTCPServer streams(List<SystemdSocket> passed) throws IOException {
    var server =
        new ThreadingTCPServer(ANY_PORT, Answering.with(Service::answer), passed.isEmpty());
    if (!passed.isEmpty()) {
      server.socket(passed.get(0).listener());
    }
    return server;
  }

  private static void serve(SocketServer<?, ?> made) throws IOException {
    try (made) {
      made.closeOnExit(Duration.ofMillis(100));
      Child.tell("watched: " + Systemd.watchdog(made));
      if (made.socket().getsockname() instanceof InetSocketAddress inet) {
        Child.tell(inet.getPort());
      }
      Child.tell("told: " + Systemd.notifyReady());
      made.serveForever();
      Systemd.notifyStopping();
    }
  }

  private static void answerOnce(StreamSocket connection) throws IOException {
    try (connection;
        SocketReader reader = connection.makefileReader(0)) {
      String line = reader.readline(StandardCharsets.UTF_8);
      connection.sendall("got " + line);
    }
  }
}
