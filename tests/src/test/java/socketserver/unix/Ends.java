package socketserver.unix;

import java.io.IOException;
import java.nio.file.Path;
import socketserver.BaseRequestHandler;
import socketserver.StreamSocket;
import socketserver.UnixStreamServer;

/** A Unix connection: the end that a server has accepted, and a client's. */
final class Ends implements AutoCloseable {
  final StreamSocket accepted;
  final StreamSocket client;

  private Ends(StreamSocket accepted, StreamSocket client) {
    this.accepted = accepted;
    this.client = client;
  }

  /** A server that is only asked for its connections. */
  static UnixStreamServer server(Path path) throws IOException {
    return new UnixStreamServer(path, NoHandler::new);
  }

  /** One more connection to it. */
  static Ends of(UnixStreamServer server) throws IOException {
    StreamSocket client = StreamSocket.connect(server.serverAddress());
    return new Ends(server.getRequest().request(), client);
  }

  @Override
  public void close() {
    client.close();
    accepted.close();
  }

  private static final class NoHandler extends BaseRequestHandler<StreamSocket> {
    @Override
    public void handle() {
      throw new AssertionError("nobody serves");
    }
  }
}
