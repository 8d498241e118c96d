package socketserver.contract;

import java.io.IOException;
import java.nio.file.Path;
import socketserver.DgramSocket;
import socketserver.netty.Pipelines;

/** Unix datagram sockets whose pipeline somebody has asked for. */
final class PipelinedUnixDatagrams extends UnixDatagrams {
  PipelinedUnixDatagrams(Path folder) {
    super(folder);
  }

  @Override
  public DgramSocket goOnWith(DgramSocket bound) throws IOException {
    Pipelines.of(bound);
    return bound;
  }
}
