package socketserver.hooks;

import socketserver.BaseRequestHandler;
import socketserver.HandlerFactory;
import socketserver.fixture.Calls;

/** A handler for requests of any kind that notes its three calls, one of which may fail. */
class RecordedHandler extends BaseRequestHandler<Object> {
  private final Calls calls;
  private final String failing;

  private RecordedHandler(Calls calls, String failing) {
    this.calls = calls;
    this.failing = failing;
  }

  /** Makes handlers that succeed. */
  static <R> HandlerFactory<R> noting(Calls calls) {
    return failingIn("nothing", calls);
  }

  /** Makes handlers whose method of this name throws. */
  static <R> HandlerFactory<R> failingIn(String method, Calls calls) {
    return () -> new RecordedHandler(calls, method);
  }

  @Override
  public void setup() {
    call("setup");
  }

  @Override
  public void handle() {
    call("handle");
  }

  @Override
  public void finish() {
    call("finish");
  }

  private void call(String method) {
    Recorded.note(calls, method);
    if (method.equals(failing)) {
      throw new IllegalArgumentException(method + " failed");
    }
  }
}
