package socketserver.differential;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.time.Duration;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;

/**
 * A {@link TCPServer} that reports what is called in it. Where the scenario runs over Unix sockets
 * it has their family, which in Python is all that makes a UnixStreamServer.
 */
class TracedTCPServer extends TCPServer implements TracedHooks<StreamSocket> {
  /** The run that is served now. */
  private volatile Run run;

  TracedTCPServer(Run run, HandlerFactory<StreamSocket> handler) throws IOException {
    this(run, handler, true);
  }

  TracedTCPServer(Run run, HandlerFactory<StreamSocket> handler, boolean bindAndActivate)
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
  public ProtocolFamily addressFamily() {
    return scenarioRun().sockets.family();
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
