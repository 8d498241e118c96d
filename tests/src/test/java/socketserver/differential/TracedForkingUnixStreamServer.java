package socketserver.differential;

import java.io.IOException;
import socketserver.ForkingMixIn;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;

/** A {@link TracedUnixStreamServer} with a process for each request. */
class TracedForkingUnixStreamServer extends TracedUnixStreamServer
    implements TracedForking<StreamSocket>, ForkingMixIn {
  /** The run that is served now, or null for the one that the server was made for. */
  private volatile Run current;

  TracedForkingUnixStreamServer(Run run, HandlerFactory<StreamSocket> handler) throws IOException {
    super(run, handler);
    spareChildren(0);
  }

  @Override
  public Run scenarioRun() {
    Run now = current;
    return now != null ? now : super.scenarioRun();
  }

  @Override
  public void serve(Run run) {
    current = run;
  }
}
