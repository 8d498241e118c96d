package socketserver;

/** What the mix-ins, being interfaces, keep in the server they are mixed into. */
final class MixInState {
  final Attribute<Boolean> daemonThreads;
  final Attribute<Boolean> blockOnClose;
  private final BaseServer<?> server;
  private final RequestThreads threads = new RequestThreads();

  /** Made when first asked for, which a forking server's constructor does. */
  private ForkedRequests forking;

  MixInState(BaseServer<?> server) {
    this.server = server;
    daemonThreads = new Attribute<>(server, ThreadingMixIn.class, "daemonThreads", false);
    blockOnClose = new Attribute<>(server, ThreadingMixIn.class, "blockOnClose", true);
  }

  RequestThreads threads() {
    return threads;
  }

  synchronized ForkedRequests forking() {
    if (forking == null) {
      forking = new ForkedRequests(server);
    }
    return forking;
  }

  /** Refuses a factory that does not go with the mix-in. */
  synchronized void checkFactory(HandlerFactory<?> factory) {
    if (forking != null && server.handsOverRequests()) {
      forking.checkFactory(factory);
    }
  }

  /** Lets the loop see that it is to end, if it waits for a request that runs. */
  synchronized void wakeup() {
    if (forking != null) {
      forking.wakeup();
    }
  }

  void loopEnded() {
    threads.releaseIdle();
  }
}
