package socketserver;

/** What the mix-ins, being interfaces, keep in the server they are mixed into. */
final class MixInState {
  final Attribute<Boolean> daemonThreads;
  final Attribute<Boolean> blockOnClose;
  private final RequestThreads threads = new RequestThreads();

  MixInState(BaseServer<?> server) {
    daemonThreads = new Attribute<>(server, ThreadingMixIn.class, "daemonThreads", false);
    blockOnClose = new Attribute<>(server, ThreadingMixIn.class, "blockOnClose", true);
  }

  RequestThreads threads() {
    return threads;
  }

  void loopEnded() {
    threads.releaseIdle();
  }
}
