package socketserver.differential;

import java.io.IOException;
import java.time.Duration;
import socketserver.DatagramRequest;
import socketserver.HandlerFactory;
import socketserver.UnixDatagramServer;

/** A {@link UnixDatagramServer} that reports what is called in it. */
class TracedUnixDatagramServer extends UnixDatagramServer implements TracedHooks<DatagramRequest> {
  /** The run that is served now. */
  private volatile Run run;

  TracedUnixDatagramServer(Run run, HandlerFactory<DatagramRequest> handler) throws IOException {
    this(run, handler, true);
  }

  TracedUnixDatagramServer(
      Run run, HandlerFactory<DatagramRequest> handler, boolean bindAndActivate)
      throws IOException {
    super(run.addressForServer(), handler, bindAndActivate);
    this.run = run;
  }

  @Override
  public Run scenarioRun() {
    Run now = run;
    return now != null ? now : Run.constructing();
  }

  /** From now on its hooks report to this run. */
  public void serve(Run next) {
    run = next;
  }

  @Override
  public void serverBind() throws IOException {
    scenarioRun().hook("server_bind");
    super.serverBind();
  }

  @Override
  public void serverActivate() throws IOException {
    scenarioRun().hook("server_activate");
    super.serverActivate();
  }

  @Override
  public void serverClose() {
    scenarioRun().enter(null);
    scenarioRun().hook("server_close");
    super.serverClose();
  }

  @Override
  public void serveForever(Duration pollInterval) {
    try {
      super.serveForever(pollInterval);
    } finally {
      scenarioRun().enter(null);
    }
  }

  @Override
  public void handleRequest() {
    try {
      super.handleRequest();
    } finally {
      scenarioRun().enter(null);
    }
  }
}
