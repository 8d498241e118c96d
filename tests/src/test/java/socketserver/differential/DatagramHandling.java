package socketserver.differential;

import socketserver.DatagramRequest;
import socketserver.DatagramRequestHandler;

/** A {@link DatagramRequestHandler} whose {@code handle()} a scenario gives as a lambda. */
final class DatagramHandling extends DatagramRequestHandler implements Speaker {
  private final Handling.Body<DatagramHandling> body;

  private DatagramHandling(Handling.Body<DatagramHandling> body) {
    this.body = body;
  }

  static Handling<DatagramRequest> datagram(Handling.Body<DatagramHandling> body) {
    return () -> new DatagramHandling(body);
  }

  @Override
  public Run scenarioRun() {
    return server(Speaker.class).scenarioRun();
  }

  @Override
  public void setup() throws Exception {
    say("setup");
    super.setup();
  }

  @Override
  public void handle() throws Exception {
    say("handle");
    body.run(this);
  }

  @Override
  public void finish() throws Exception {
    say("finish");
    super.finish();
  }
}
