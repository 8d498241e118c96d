package socketserver.differential;

import static socketserver.SocketConstants.IPPROTO_TCP;
import static socketserver.SocketConstants.SOL_SOCKET;
import static socketserver.SocketConstants.SO_KEEPALIVE;
import static socketserver.SocketConstants.SO_LINGER;
import static socketserver.SocketConstants.TCP_NODELAY;
import static socketserver.differential.PlainHandling.plain;
import static socketserver.differential.Scenario.tcp;
import static socketserver.differential.StreamHandling.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** request.send, sendall, sendfile, and the socket's options. */
final class Sending {
  private static final StandardOpenOption[] READ_AND_DELETE = {
    StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE
  };

  private Sending() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("send tells how many bytes it took, sendall nothing")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        attempt("send", lambda: self.request.send(b'abc'))
                        attempt("nothing", lambda: self.request.send(b''))
                        attempt("sendall", lambda: self.request.sendall(b'def'))
                        attempt("all of nothing", lambda: self.request.sendall(b''))
                """)
            .java(
                plain(
                    h -> {
                      h.attempt("send", () -> h.request.send(Shown.latin1("abc")));
                      h.attempt("nothing", () -> h.request.send(new byte[0]));
                      h.attempt("sendall", () -> h.request.sendall("def"));
                      h.attempt("all of nothing", () -> h.request.sendall(new byte[0]));
                    }))
            .client(c -> c.connect().readToEnd()),
        tcp("sendfile sends the whole file wherever its position is, and says how much that was")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        with tempfile.TemporaryFile() as file:
                            file.write(b'0123456789' * 1000)
                            file.seek(5)
                            say(self.request.sendfile(file), file.tell())
                            say(self.request.sendfile(file), file.tell())
                """)
            .java(
                plain(
                    h -> {
                      try (FileChannel file = digits(1000)) {
                        file.position(5);
                        h.say(h.request.sendfile(file), file.position());
                        h.say(h.request.sendfile(file), file.position());
                      }
                    }))
            .client(c -> c.connect().readToEnd()),
        tcp("sendfile sends a part of a file, and no more than there is")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        with tempfile.TemporaryFile() as file:
                            file.write(b'0123456789')
                            file.flush()
                            say(self.request.sendfile(file, 2, 3), file.tell())
                            say(self.request.sendfile(file, 8, 100), file.tell())
                            say(self.request.sendfile(file, 50, 1), file.tell())
                            attempt("count 0", lambda: self.request.sendfile(file, 0, 0))
                            self.request.setblocking(False)
                            attempt("non-blocking", lambda: self.request.sendfile(file))
                """)
            .java(
                plain(
                    h -> {
                      try (FileChannel file = digits(1)) {
                        h.say(h.request.sendfile(file, 2, 3), file.position());
                        h.say(h.request.sendfile(file, 8, 100), file.position());
                        h.say(h.request.sendfile(file, 50, 1), file.position());
                        h.attempt("count 0", () -> h.request.sendfile(file, 0, 0));
                        h.request.setblocking(false);
                        h.attempt("non-blocking", () -> h.request.sendfile(file));
                      }
                    }))
            .client(c -> c.connect().readToEnd()),
        tcp("sendfile, wfile and sendall keep their order")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        with tempfile.TemporaryFile() as file:
                            file.write(b'0123456789' * 20000)
                            file.seek(0)
                            self.wfile.write(b'head:')
                            self.request.sendfile(file)
                            self.request.sendall(b':tail')
                """)
            .java(
                stream(
                    h -> {
                      try (FileChannel file = digits(20000)) {
                        h.wfile.write("head:");
                        h.request.sendfile(file);
                        h.request.sendall(":tail");
                      }
                    }))
            .client(c -> c.connect().readToEnd()),
        tcp("Nagle's algorithm is on, keep-alive is off, and both can be changed")
            .only(Family.INET)
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        r = self.request
                        say(r.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0)
                        say(r.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) != 0)
                        r.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
                        r.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                        say(r.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0)
                        say(r.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) != 0)
                """)
            .java(
                plain(
                    h -> {
                      var r = h.request;
                      h.say(r.getsockopt(IPPROTO_TCP, TCP_NODELAY) != 0);
                      h.say(r.getsockopt(SOL_SOCKET, SO_KEEPALIVE) != 0);
                      r.setsockopt(IPPROTO_TCP, TCP_NODELAY, true);
                      r.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1);
                      h.say(r.getsockopt(IPPROTO_TCP, TCP_NODELAY) != 0);
                      h.say(r.getsockopt(SOL_SOCKET, SO_KEEPALIVE) != 0);
                    }))
            .client(c -> c.connect().readToEnd()),
        tcp("disable_nagle_algorithm sets TCP_NODELAY in setup")
            .only(Family.INET)
            .python(
                """
                class Handler(StreamRequestHandler):
                    disable_nagle_algorithm = True
                    def handle(self):
                        say(self.request.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0)
                        say(self.connection is self.request)
                """)
            .java(
                stream(
                        h -> {
                          h.say(h.request.getsockopt(IPPROTO_TCP, TCP_NODELAY) != 0);
                          h.say(h.connection == h.request);
                        })
                    .disableNagleAlgorithm())
            .client(c -> c.connect().readToEnd()),
        tcp("SO_LINGER, a structure, is read back as it was set")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        r = self.request
                        say(r.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8))
                        r.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 7))
                        say(r.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8))
                """)
            .java(
                plain(
                    h -> {
                      var r = h.request;
                      h.say(r.getsockopt(SOL_SOCKET, SO_LINGER, 8));
                      r.setsockopt(SOL_SOCKET, SO_LINGER, linger(7));
                      h.say(r.getsockopt(SOL_SOCKET, SO_LINGER, 8));
                    }))
            .client(c -> c.connect().readToEnd()),
        tcp("the buffer sizes of the system can be set and asked for")
            .python(
                """
                class Handler(BaseRequestHandler):
                    def handle(self):
                        r = self.request
                        for name in (socket.SO_SNDBUF, socket.SO_RCVBUF):
                            r.setsockopt(socket.SOL_SOCKET, name, 30000)
                            say(r.getsockopt(socket.SOL_SOCKET, name) >= 30000)
                """)
            .java(
                plain(
                    h -> {
                      var r = h.request;
                      for (int name :
                          new int[] {
                            socketserver.SocketConstants.SO_SNDBUF,
                            socketserver.SocketConstants.SO_RCVBUF
                          }) {
                        r.setsockopt(SOL_SOCKET, name, 30000);
                        // Linux doubles the size, and Java's own sockets halve it again
                        h.say(r.getsockopt(SOL_SOCKET, name) >= 30000);
                      }
                    }))
            .client(c -> c.connect().readToEnd()));
  }

  /** The structure that SO_LINGER takes: on, and for how long. */
  static byte[] linger(int seconds) {
    return ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putInt(1).putInt(seconds).array();
  }

  /** A file of digits that is gone once it is closed. */
  private static FileChannel digits(int times) throws java.io.IOException {
    Path path = Files.createTempFile("digits", ".txt");
    Files.writeString(path, "0123456789".repeat(times));
    return FileChannel.open(path, READ_AND_DELETE);
  }
}
