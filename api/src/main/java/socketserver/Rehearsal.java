package socketserver;

import java.io.IOException;
import java.net.SocketAddress;

/**
 * Handlers that do what handlers do, so that a child process has loaded and run everything once
 * before its first request.
 */
final class Rehearsal {
  private static final byte[] LINE = {'x', '\n'};

  private Rehearsal() {}

  /** Writes a line, and reads one if one is to come. */
  static final class Stream extends StreamRequestHandler {
    private final boolean reads;

    Stream(boolean reads) {
      this.reads = reads;
    }

    void rehearse(StreamSocket request, SocketAddress peer, BaseServer<?> server)
        throws IOException {
      Rehearsal.run(this, request, peer, server);
    }

    @Override
    public void handle() throws IOException {
      wfile.write(LINE);
      if (reads) {
        rfile.readline();
      }
    }
  }

  /** Answers with a datagram. */
  static final class Datagrams extends DatagramRequestHandler {
    void rehearse(DatagramRequest request, SocketAddress peer, BaseServer<?> server)
        throws IOException {
      Rehearsal.run(this, request, peer, server);
    }

    @Override
    public void handle() throws IOException {
      rfile.readline();
      wfile.write(LINE);
    }

    /** The socket that a child of a Unix server rehearses on has no name to send to. */
    @Override
    public void finish() throws Exception {
      if (clientAddress != null) {
        super.finish();
      }
    }
  }

  private static <R> void run(
      BaseRequestHandler<R> handler, R request, SocketAddress peer, BaseServer<?> server)
      throws IOException {
    try {
      handler.run(request, peer, server);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
