package socketserver.examples;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import socketserver.BaseServer;

/** A server that serves in a thread of its own until the test is done with it. */
final class Serving implements AutoCloseable {
  private final BaseServer<?> server;
  private final Thread thread;

  Serving(BaseServer<?> server) {
    this.server = server;
    thread = new Thread(server::serveForever, "serving");
    thread.start();
  }

  /** An address that nobody but this machine reaches, on a port that the system chooses. */
  static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  int port() {
    return server.serverPort();
  }

  Thread thread() {
    return thread;
  }

  @Override
  public void close() {
    server.shutdown();
    server.serverClose();
    try {
      thread.join(Output.LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      throw new AssertionError("serveForever did not end");
    }
  }
}
