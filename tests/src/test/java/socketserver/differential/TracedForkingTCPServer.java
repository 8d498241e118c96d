package socketserver.differential;

import java.io.IOException;
import socketserver.ForkingMixIn;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;

/** A {@link TracedTCPServer} with a process for each request. */
class TracedForkingTCPServer extends TracedTCPServer
    implements TracedForking<StreamSocket>, ForkingMixIn {
  TracedForkingTCPServer(Run run, HandlerFactory<StreamSocket> handler) throws IOException {
    super(run, handler);
    spareChildren(0);
  }
}
