package socketserver.contract;

import socketserver.StreamSocket;
import socketserver.netty.Pipelines;

/** TCP connections with a pipeline between the blocking side and the system. */
class PipelinedTcp extends Tcp {
  @Override
  public void assertRuns(Mechanism mechanism, StreamSocket socket) {
    super.assertRuns(mechanism, socket);
    Pipelines.of(socket);
  }
}
