package socketserver.bench.server;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import socketserver.BaseRequestHandler;
import socketserver.DatagramRequest;
import socketserver.SocketWriter;
import socketserver.StreamRequestHandler;

/** What this library's servers do, as one would port it from Python. */
final class Handlers {
  private Handlers() {}

  /** Answers each line with itself. */
  static class UnixLineEcho extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      for (byte[] line : rfile) {
        wfile.write(line);
      }
    }
  }

  /** The same over TCP, which alone has Nagle's algorithm. */
  static class LineEcho extends UnixLineEcho {
    @Override
    public boolean disableNagleAlgorithm() {
      return true;
    }
  }

  /** Answers one line with itself; then the server closes. */
  static final class OneLine extends StreamRequestHandler {
    @Override
    public boolean disableNagleAlgorithm() {
      return true;
    }

    @Override
    public void handle() throws IOException {
      wfile.write(rfile.readline());
    }
  }

  /** Gives each line of a client to all. */
  static final class Chat extends LineEcho {
    private static final Set<SocketWriter> MEMBERS = ConcurrentHashMap.newKeySet();

    @Override
    public void handle() throws IOException {
      MEMBERS.add(wfile);
      try {
        for (byte[] line : rfile) {
          MEMBERS.forEach(member -> say(line, member));
        }
      } finally {
        MEMBERS.remove(wfile);
      }
    }

    private static void say(byte[] line, SocketWriter member) {
      try {
        member.write(line);
      } catch (IOException e) {
        // a client has gone, as its own handler finds too
      }
    }
  }

  /** Answers each line with itself, and computes for those that ask for it. */
  static final class Mix extends LineEcho {
    @Override
    public void handle() throws IOException {
      for (byte[] line : rfile) {
        Computing.handle(line[0]);
        wfile.write(line);
      }
    }
  }

  /** Answers each line with itself, over TLS. */
  static final class TlsLineEcho extends LineEcho {
    @Override
    public void setup() throws Exception {
      request = request.startTls(SelfSigned.CONTEXT);
      super.setup();
    }
  }

  /** Reads as much as it is told to, and says so with one byte. */
  static final class Sink extends StreamRequestHandler {
    @Override
    public boolean disableNagleAlgorithm() {
      return true;
    }

    @Override
    public void handle() throws IOException {
      Bulk.sink(rfile, wfile);
    }
  }

  /** Writes as much as it is asked for. */
  static final class Source extends StreamRequestHandler {
    @Override
    public boolean disableNagleAlgorithm() {
      return true;
    }

    @Override
    public void handle() throws IOException {
      Bulk.source(rfile, wfile);
    }
  }

  /** Answers each datagram with itself. */
  static final class DatagramEcho extends BaseRequestHandler<DatagramRequest> {
    @Override
    public void handle() throws IOException {
      request.socket().sendto(request.data(), clientAddress);
    }
  }
}
