package socketserver.contract;

import java.io.IOException;
import socketserver.DgramSocket;
import socketserver.netty.Pipelines;

/** UDP sockets whose pipeline somebody has asked for. */
final class PipelinedUdp extends Udp {
  @Override
  public DgramSocket goOnWith(DgramSocket bound) throws IOException {
    Pipelines.of(bound);
    return bound;
  }
}
