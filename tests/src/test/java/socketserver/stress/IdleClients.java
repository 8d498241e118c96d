package socketserver.stress;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import socketserver.fixture.Child;

/**
 * The clients of {@link IdleConnectionsTest}, in a process of their own because each end of a
 * connection is a descriptor: connects, tells so, and when told to sends a byte on each connection
 * and counts the answers.
 */
public final class IdleClients {
  private IdleClients() {}

  /** Arguments: the port, and how many connections. */
  public static void main(String[] arguments) throws Exception {
    var address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
    List<SocketChannel> connections = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      connections.add(SocketChannel.open(address));
    }
    Child.tell("connected");
    System.in.read();
    for (SocketChannel connection : connections) {
      connection.write(ByteBuffer.wrap(new byte[] {'?'}));
    }
    int answered = 0;
    for (SocketChannel connection : connections) {
      ByteBuffer answer = ByteBuffer.allocate(2);
      connection.read(answer);
      answered += answer.position() == 1 && answer.get(0) == '!' ? 1 : 0;
    }
    Child.tell(answered);
  }
}
