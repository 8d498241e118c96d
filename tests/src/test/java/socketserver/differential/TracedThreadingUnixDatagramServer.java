package socketserver.differential;

import java.io.IOException;
import socketserver.DatagramRequest;
import socketserver.HandlerFactory;
import socketserver.ThreadingMixIn;

/** A {@link TracedUnixDatagramServer} with a thread for each request. */
class TracedThreadingUnixDatagramServer extends TracedUnixDatagramServer implements ThreadingMixIn {
  TracedThreadingUnixDatagramServer(Run run, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    super(run, handler);
  }
}
