package socketserver.differential;

import java.io.IOException;
import socketserver.DatagramRequest;
import socketserver.ForkingMixIn;
import socketserver.HandlerFactory;

/** A {@link TracedUDPServer} with a process for each request. */
class TracedForkingUDPServer extends TracedUDPServer
    implements TracedForking<DatagramRequest>, ForkingMixIn {
  /** The run that is served now, or null for the one that the server was made for. */
  private volatile Run current;

  TracedForkingUDPServer(Run run, HandlerFactory<DatagramRequest> handler) throws IOException {
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
