package socketserver.differential;

import socketserver.BaseRequestHandler;

/** A {@link BaseRequestHandler} whose {@code handle()} a scenario gives as a lambda. */
final class PlainHandling<R> extends BaseRequestHandler<R> implements Speaker {
  private final Handling.Body<PlainHandling<R>> body;

  private PlainHandling(Handling.Body<PlainHandling<R>> body) {
    this.body = body;
  }

  static <R> Handling<R> plain(Handling.Body<PlainHandling<R>> body) {
    return () -> new PlainHandling<>(body);
  }

  @Override
  public Run scenarioRun() {
    return server(Speaker.class).scenarioRun();
  }

  @Override
  public void setup() {
    say("setup");
  }

  @Override
  public void handle() throws Exception {
    say("handle");
    body.run(this);
  }

  @Override
  public void finish() {
    say("finish");
  }
}
