package socketserver.examples;

import java.io.IOException;

/** The server of {@link ForkedEcho} alone, whose children print where it prints. */
final class ForkedEchoServer {
  private ForkedEchoServer() {}

  public static void main(String[] args) throws IOException {
    try (var server = new ForkedEcho.ForkingServer(Serving.anyPort())) {
      System.out.println("listening on port " + server.serverPort());
      server.serveForever();
    }
  }
}
