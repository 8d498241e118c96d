package socketserver.contract;

import java.io.IOException;
import java.nio.file.Path;
import socketserver.StreamSocket;

/** Unix connections that one owner has accepted, and another goes on with. */
final class AdoptedUnixStreams extends UnixStreams {
  AdoptedUnixStreams(Path folder) {
    super(folder);
  }

  @Override
  public StreamSocket goOnWith(StreamSocket accepted) throws IOException {
    return Copies.handedOver(this, accepted);
  }
}
