package socketserver.differential;

import java.io.IOException;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.ThreadingMixIn;

/** A {@link TracedTCPServer} with a thread for each request. */
class TracedThreadingTCPServer extends TracedTCPServer implements ThreadingMixIn {
  TracedThreadingTCPServer(Run run, HandlerFactory<StreamSocket> handler) throws IOException {
    super(run, handler);
  }
}
