package socketserver.differential;

import java.io.IOException;
import socketserver.DatagramRequest;
import socketserver.HandlerFactory;
import socketserver.ThreadingMixIn;

/** A {@link TracedUDPServer} with a thread for each request. */
class TracedThreadingUDPServer extends TracedUDPServer implements ThreadingMixIn {
  TracedThreadingUDPServer(Run run, HandlerFactory<DatagramRequest> handler) throws IOException {
    super(run, handler);
  }
}
