package socketserver.differential;

import java.io.IOException;
import socketserver.DatagramRequest;
import socketserver.ForkingMixIn;
import socketserver.HandlerFactory;

/** A {@link TracedUnixDatagramServer} with a process for each request. */
class TracedForkingUnixDatagramServer extends TracedUnixDatagramServer
    implements TracedForking<DatagramRequest>, ForkingMixIn {
  TracedForkingUnixDatagramServer(Run run, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    super(run, handler);
    spareChildren(0);
  }
}
