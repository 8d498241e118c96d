package socketserver.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import socketserver.StreamRequestHandler;
import socketserver.ThreadingTCPServer;
import socketserver.fixture.Bounds;
import socketserver.fixture.RunningServer;

/** Writes of one byte up to 16 MiB and one, through one threading server. */
class ManySizesTest {
  private static final int CLIENTS = 64;
  private static final int LARGEST = (16 << 20) + 1;

  /** Around every size at which something changes: a line, a buffer, a high-water mark. */
  private static final int[] SIZES = {
    1, 2, 3, 100, 511, 512, 513, 4096, 8191, 8192, 8193, 65535, 65536, 65537, 131071, 131072,
    131073, 1 << 20
  };

  /** Answers a line that holds a client's number with writes of all sizes. */
  private static final class Writer extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      int client = Integer.parseInt(new String(rfile.readline()).trim());
      long position = 0;
      for (int i = 0; i < 1000; i++) {
        position = write(client, position, 1);
      }
      for (int size : SIZES) {
        position = write(client, position, size);
      }
      if (takesLargest(client)) {
        write(client, position, LARGEST);
      }
    }

    private long write(int client, long position, int size) throws IOException {
      byte[] data = new byte[size];
      for (int i = 0; i < size; i++) {
        data[i] = expected(client, position + i);
      }
      wfile.write(data);
      return position + size;
    }
  }

  /** 64 times 16 MiB would only take longer. */
  private static boolean takesLargest(int client) {
    return client % 8 == 0;
  }

  /** A byte that depends on its place and on whose it is, so that nothing can change places. */
  private static byte expected(int client, long position) {
    return (byte) (position * 31 + (position >> 8) * 7 + (position >> 16) + client);
  }

  @Test
  void writesOfAllSizesArriveWholeAndInOrderAt64Clients() throws Exception {
    try (var running =
        RunningServer.start(new ThreadingTCPServer(RunningServer.anyPort(), Writer::new))) {
      Clients.run(CLIENTS, number -> readAll(running, number));
    }
  }

  private static void readAll(RunningServer<?> running, int client) throws IOException {
    long length = 1000;
    for (int size : SIZES) {
      length += size;
    }
    length += takesLargest(client) ? LARGEST : 0;
    try (Socket socket = new Socket(running.address().getAddress(), running.address().getPort())) {
      socket.setSoTimeout((int) Bounds.WAIT.toMillis());
      socket.getOutputStream().write((client + "\n").getBytes());
      InputStream in = socket.getInputStream();
      byte[] chunk = new byte[50_000];
      long position = 0;
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        for (int i = 0; i < read; i++, position++) {
          if (chunk[i] != expected(client, position)) {
            fail("client " + client + " has another byte at " + position);
          }
        }
      }
      assertEquals(length, position, "bytes that client " + client + " has received");
    }
  }
}
