package socketserver.bench.server;

import java.io.IOException;
import socketserver.BaseRequestHandler;
import socketserver.DatagramRequest;
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
