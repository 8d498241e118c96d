package socketserver.differential;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Takes what the child processes of a run report, and has them wait at its gates. */
final class ChildReports implements Closeable {
  private final Run run;
  private final ServerSocket socket;

  ChildReports(Run run) throws IOException {
    this.run = run;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket child = socket.accept();
        start(() -> take(child));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void take(Socket child) {
    try (child;
        DataInputStream in = new DataInputStream(child.getInputStream());
        DataOutputStream out = new DataOutputStream(child.getOutputStream())) {
      boolean gate = in.readBoolean();
      long process = in.readLong();
      String client = in.readUTF();
      String text = in.readUTF();
      boolean passed = true;
      if (gate) {
        passed = run.passes(text);
      } else {
        run.trace.add(client, process, text);
      }
      out.writeBoolean(passed);
    } catch (IOException | InterruptedException e) {
      // the child is gone
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "differential-child-reports");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
