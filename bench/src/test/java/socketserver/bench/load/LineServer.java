package socketserver.bench.load;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A server in the test's own process that is given each line of each client, one at a time. */
abstract class LineServer implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());

  LineServer() throws IOException {
    start(this::accept);
  }

  abstract void joined(OutputStream client);

  abstract void said(byte[] line, OutputStream client) throws IOException;

  final Target target() {
    return new Target(listener.getLocalPort(), null);
  }

  private interface Serving {
    void run() throws IOException;
  }

  private static void start(Serving serving) {
    Thread thread =
        new Thread(
            () -> {
              try {
                serving.run();
              } catch (IOException e) {
                // the test is over
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      synchronized (this) {
        joined(client.getOutputStream());
      }
      start(() -> serve(client));
    }
  }

  private void serve(Socket client) throws IOException {
    try (client) {
      for (byte[] line = read(client); line.length > 0; line = read(client)) {
        synchronized (this) {
          said(line, client.getOutputStream());
        }
      }
    }
  }

  private static byte[] read(Socket client) throws IOException {
    return client.getInputStream().readNBytes(Lines.LENGTH);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
