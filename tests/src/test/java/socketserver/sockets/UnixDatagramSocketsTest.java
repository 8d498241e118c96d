package socketserver.sockets;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import socketserver.DgramSocket;
import socketserver.UnixAddress;

/** Unix datagrams with one peer. */
class UnixDatagramSocketsTest extends DatagramSocketContract {
  @TempDir Path folder;

  private int paths;

  @Override
  ProtocolFamily family() {
    return StandardProtocolFamily.UNIX;
  }

  @Override
  SocketAddress free() {
    return UnixAddress.of(folder.resolve("d" + ++paths));
  }

  @Test
  void aPathThatIsNotThereIsNamed() throws IOException {
    DgramSocket socket = socket();
    IOException error = assertThrows(IOException.class, () -> socket.connect(free()));
    assertTrue(error.getMessage().contains("no such file"), error.getMessage());
  }
}
