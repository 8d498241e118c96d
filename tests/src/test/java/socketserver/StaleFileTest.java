package socketserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.contract.Remains;
import socketserver.contract.UnixStreams;

/** Taking over a socket's file, with another server between the question and the answer. */
@Timeout(60)
class StaleFileTest {
  @TempDir Path folder;

  @AfterEach
  void nothingIsLeft() {
    Remains.awaitNoEngine();
  }

  private Path path() {
    return folder.resolve("x.sock");
  }

  private UnixAddress address() {
    return UnixAddress.of(path());
  }

  private ServerSocketChannel bound() throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(path()));
  }

  private static void assertHas(Path path, ServerSocketChannel server) throws IOException {
    UnixStreams.peer(path).close();
    server.accept().close();
  }

  @Test
  void whoBindsAfterTheFileWasFoundGoneKeepsThePath() throws IOException {
    ServerSocketChannel[] other = new ServerSocketChannel[1];
    try (ListenerSocket late = new ListenerSocket(StandardProtocolFamily.UNIX)) {
      assertThrows(
          BindException.class,
          () ->
              SocketFile.replaced(
                  path(),
                  address(),
                  () -> late.bind(address()),
                  (file, address) -> {
                    try {
                      return SocketFile.stale(file, address);
                    } finally {
                      other[0] = bound();
                    }
                  }));
      assertHas(path(), other[0]);
    } finally {
      other[0].close();
    }
  }

  @Test
  void whoTakesOverTheStaleFileFirstKeepsThePath() throws IOException {
    bound().close();
    ServerSocketChannel[] other = new ServerSocketChannel[1];
    try (ListenerSocket late = new ListenerSocket(StandardProtocolFamily.UNIX)) {
      assertFalse(
          SocketFile.replaced(
              path(),
              address(),
              () -> late.bind(address()),
              (file, address) -> {
                Object found = SocketFile.stale(file, address);
                // kept, under another name, so that its inode is not the next file's
                Files.move(file, folder.resolve("stale"));
                other[0] = bound();
                return found;
              }));
      assertHas(path(), other[0]);
    } finally {
      other[0].close();
    }
  }

  @Test
  void aFileThatIsGoneIsNotStaleButBound() throws IOException {
    assertThrows(NoSuchFileException.class, () -> SocketFile.stale(path(), address()));
    try (ListenerSocket late = new ListenerSocket(StandardProtocolFamily.UNIX)) {
      assertTrue(
          SocketFile.replaced(path(), address(), () -> late.bind(address()), SocketFile::stale));
      assertEquals(address(), late.getsockname());
    }
  }
}
