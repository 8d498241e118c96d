package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import socketserver.StreamSocket;
import socketserver.netty.Pipelines;

/** Unix stream sockets that are the JDK's on the library's side, too. */
final class JdkStreams extends UnixStreams {
  JdkStreams(Path folder) {
    super(folder);
  }

  @Override
  public void assertRuns(Mechanism mechanism, StreamSocket socket) {
    assertThrows(IllegalArgumentException.class, () -> Pipelines.of(socket));
  }
}
