package socketserver.differential;

import java.io.IOException;
import socketserver.ForkingMixIn;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;

/** A {@link TracedUnixStreamServer} with a process for each request. */
class TracedForkingUnixStreamServer extends TracedUnixStreamServer
    implements TracedForking<StreamSocket>, ForkingMixIn {
  TracedForkingUnixStreamServer(Run run, HandlerFactory<StreamSocket> handler) throws IOException {
    super(run, handler);
    spareChildren(0);
  }
}
