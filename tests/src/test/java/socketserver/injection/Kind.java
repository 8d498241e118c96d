package socketserver.injection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocket;
import socketserver.BaseServer;
import socketserver.DatagramRequestHandler;
import socketserver.SocketConstants;
import socketserver.StreamRequestHandler;
import socketserver.fixture.Bounds;
import socketserver.fixture.UdpClient;
import socketserver.select.Select;
import socketserver.tls.Contexts;

/** Kinds of sockets, and what a handler and its client do with one. */
enum Kind {
  TCP {
    @Override
    BaseServer<?> server(Threads threads, Path path) throws IOException {
      return threads.tcp(Conversing::new);
    }

    @Override
    Client client(BaseServer<?> server) throws IOException {
      return StreamClient.to(server.serverAddress());
    }
  },

  TLS {
    @Override
    BaseServer<?> server(Threads threads, Path path) throws IOException {
      return threads.tcp(
          () ->
              new Conversing() {
                @Override
                void begin() throws IOException {
                  request.startTls(Contexts.SERVER);
                }
              });
    }

    @Override
    Client client(BaseServer<?> server) throws IOException {
      return StreamClient.withTls((InetSocketAddress) server.serverAddress());
    }
  },

  UNIX {
    @Override
    BaseServer<?> server(Threads threads, Path path) throws IOException {
      return threads.unix(path, Conversing::new);
    }

    @Override
    Client client(BaseServer<?> server) throws IOException {
      return StreamClient.toPath(server);
    }
  },

  UDP {
    @Override
    BaseServer<?> server(Threads threads, Path path) throws IOException {
      return threads.udp(Answering::new);
    }

    @Override
    Client client(BaseServer<?> server) throws IOException {
      return new DatagramClient(UdpClient.to(server));
    }
  };

  /** More than is under way at a time, so that a writer waits. */
  private static final int MUCH = 400_000;

  private static final byte[] NOISE = new byte[MUCH];

  abstract BaseServer<?> server(Threads threads, Path path) throws IOException;

  /** Connects. */
  abstract Client client(BaseServer<?> server) throws IOException;

  /** A client, which waits for each answer. */
  interface Client extends AutoCloseable {
    /** Asks for a line, and fails if the answer is another. */
    void echo(String line) throws IOException;

    /** Has the handler do all that it can do, or as much as it gets done; sees the end. */
    void converse() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Answers lines; the last one has it do all that a handler does with a connection. */
  private static class Conversing extends StreamRequestHandler {
    void begin() throws IOException {}

    @Override
    public void handle() throws IOException {
      begin();
      wfile.write("ready\n");
      byte[] line = rfile.readline();
      while (line.length > 0 && !new String(line, StandardCharsets.UTF_8).equals("all\n")) {
        wfile.write(line);
        line = rfile.readline();
      }
      if (line.length > 0) {
        all();
      }
    }

    private void all() throws IOException {
      wfile.write(NOISE);
      wfile.write("one\n");
      wfile.write("two\n");
      wfile.flush();
      rfile.readline();
      request.settimeout(Duration.ofNanos(1000));
      try {
        rfile.readline();
      } catch (SocketTimeoutException e) {
        // the client waits for us
      }
      request.settimeout(null);
      rfile.available();
      Select.select(List.of(request), List.of(), List.of(), Duration.ZERO);
      request.getsockopt(SocketConstants.SOL_SOCKET, SocketConstants.SO_RCVBUF);
      request.getpeername();
      request.shutdown(SocketConstants.SHUT_WR);
      rfile.readline();
      wfile.close();
      request.close();
    }
  }

  /** Answers a datagram with itself. */
  private static final class Answering extends DatagramRequestHandler {
    @Override
    public void handle() throws IOException {
      socket.sendto("first", clientAddress);
      socket.getsockopt(SocketConstants.SOL_SOCKET, SocketConstants.SO_RCVBUF);
      Select.select(List.of(), List.of(socket), List.of(), Duration.ZERO);
      wfile.write(rfile.readline());
    }
  }

  private record StreamClient(AutoCloseable socket, InputStream in, OutputStream out)
      implements Client {
    static Client to(SocketAddress address) throws IOException {
      SocketChannel channel = SocketChannel.open(address);
      return new StreamClient(
          channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }

    static Client toPath(BaseServer<?> server) throws IOException {
      return to(UnixDomainSocketAddress.of(server.serverAddress().toString()));
    }

    static Client withTls(InetSocketAddress address) throws IOException {
      Socket plain = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
      plain.setSoTimeout((int) Bounds.WAIT.toMillis());
      SSLSocket tls =
          (SSLSocket)
              Contexts.CLIENT
                  .getSocketFactory()
                  .createSocket(plain, "localhost", address.getPort(), true);
      return new StreamClient(tls, tls.getInputStream(), tls.getOutputStream());
    }

    @Override
    public void echo(String line) throws IOException {
      String got = ask(line);
      // the first answer comes after what the server says by itself
      if (got.equals("ready")) {
        got = line();
      }
      if (!got.equals(line)) {
        throw new AssertionError("asked for " + line + ", got '" + got + "'");
      }
    }

    private String ask(String line) throws IOException {
      send(line);
      return line();
    }

    private void send(String line) throws IOException {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
        line.append((char) b);
      }
      return line.toString();
    }

    @Override
    public void converse() {
      try {
        line();
        ask("question");
        send("all");
        in.readNBytes(MUCH);
        line();
        line();
        send("thanks");
        in.readAllBytes();
      } catch (IOException e) {
        // so it has ended
      }
    }

    @Override
    public void close() throws IOException {
      try {
        socket.close();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }

  private record DatagramClient(UdpClient socket) implements Client {
    @Override
    public void echo(String line) throws IOException {
      socket.send(line);
      // late answers may come first
      for (String got = socket.text(); !got.equals(line); got = socket.text()) {}
    }

    @Override
    public void converse() throws IOException {
      socket.send("all");
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  /** A path for a Unix socket, which nobody else has. */
  static Path path() throws IOException {
    return Files.createTempDirectory("injection").resolve("socket");
  }
}
