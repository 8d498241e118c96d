package socketserver.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.UnixAddress;
import socketserver.contract.UnixStreams;

/** The steps between the file that reserves a path and the socket, with somebody in between. */
@Timeout(60)
class SocketPathTest {
  @TempDir Path folder;

  private Path path() {
    return folder.resolve("x.sock");
  }

  private UnixAddress address() {
    return UnixAddress.of(path());
  }

  @Test
  void whoFailsToBindLeavesTheSocketOfWhoCameInBetween() throws IOException {
    // the system may give the other's file the inode of the one that reserved the path
    try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      BindException error =
          assertThrows(
              BindException.class,
              () ->
                  SocketPath.bind(
                      address(),
                      address -> {
                        Files.delete(path());
                        other.bind(UnixDomainSocketAddress.of(path()));
                        throw new IOException("address already in use");
                      }));
      assertEquals("cannot bind " + address() + ": address already in use", error.getMessage());
      UnixStreams.peer(path()).close();
      other.accept().close();
    }
  }

  @Test
  void whoFailsToBindRemovesTheFileThatReservesThePath() throws IOException {
    assertThrows(
        BindException.class,
        () ->
            SocketPath.bind(
                address(),
                address -> {
                  throw new IOException("no");
                }));
    assertFalse(Files.exists(path()));
  }
}
