package socketserver.contract;

import java.nio.file.Path;

/** Unix stream sockets that are the JDK's on the library's side, too. */
final class JdkStreams extends UnixStreams {
  JdkStreams(Path folder) {
    super(folder);
  }
}
