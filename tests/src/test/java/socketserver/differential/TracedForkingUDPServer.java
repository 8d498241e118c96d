package socketserver.differential;

import java.io.IOException;
import socketserver.DatagramRequest;
import socketserver.ForkingMixIn;
import socketserver.HandlerFactory;

/** A {@link TracedUDPServer} with a process for each request. */
class TracedForkingUDPServer extends TracedUDPServer
    implements TracedForking<DatagramRequest>, ForkingMixIn {
  TracedForkingUDPServer(Run run, HandlerFactory<DatagramRequest> handler) throws IOException {
    super(run, handler);
    spareChildren(0);
  }
}
