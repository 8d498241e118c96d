package socketserver.differential;

import java.io.IOException;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.ThreadingMixIn;

/** A {@link TracedUnixStreamServer} with a thread for each request. */
class TracedThreadingUnixStreamServer extends TracedUnixStreamServer implements ThreadingMixIn {
  TracedThreadingUnixStreamServer(Run run, HandlerFactory<StreamSocket> handler)
      throws IOException {
    super(run, handler);
  }
}
