package socketserver.differential;

import com.google.gson.JsonParser;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;

/**
 * What a {@link Run} is in a child process: a report goes to the parent's {@link ChildReports} and
 * is taken before the child goes on, so that reports are in order across processes.
 *
 * @param port where the parent takes reports
 * @param parameters the scenario's, as JSON
 * @param sockets what addresses are named by
 */
record RunInChild(int port, String parameters, Sockets sockets) implements Serializable {
  /** A child makes a run of what has crossed. */
  private Object readResolve() {
    return new Run(JsonParser.parseString(parameters).getAsJsonObject(), sockets, this);
  }

  void report(String client, String text) {
    ask(client, text, false);
  }

  /** Waits until a gate of the parent's is open; false if that takes too long. */
  boolean pass(String gate) {
    return ask("", gate, true);
  }

  private boolean ask(String client, String text, boolean gate) {
    try (Socket parent = new Socket(InetAddress.getLoopbackAddress(), port);
        DataOutputStream out = new DataOutputStream(parent.getOutputStream());
        DataInputStream in = new DataInputStream(parent.getInputStream())) {
      out.writeBoolean(gate);
      out.writeLong(ProcessHandle.current().pid());
      out.writeUTF(client);
      out.writeUTF(text);
      return in.readBoolean();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot report to the parent: " + text, e);
    }
  }
}
