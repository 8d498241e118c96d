package socketserver.netty;

import socketserver.spi.ReadinessSource;

/** The readiness of a connection that an event loop reads: all of it is known here. */
final class StreamReadiness implements ReadinessSource {
  private final NettyStream stream;
  private final Inbound inbound;
  private final Outbound outbound;
  private final Watchers watchers;

  StreamReadiness(NettyStream stream, Inbound inbound, Outbound outbound, Watchers watchers) {
    this.stream = stream;
    this.inbound = inbound;
    this.outbound = outbound;
    this.watchers = watchers;
  }

  @Override
  public int descriptor() {
    return -1;
  }

  /** As tcp_poll of Linux has it. */
  @Override
  public int ready() {
    boolean inputEnded = inbound.hasEnded() || inbound.isShutdown();
    boolean lost = inbound.wasReset();
    int ready = inbound.isReadable() ? IN : 0;
    ready |= outbound.mayWrite() ? OUT : 0;
    ready |= inputEnded ? RDHUP : 0;
    ready |= lost || inputEnded && outbound.isShutdown() ? HUP : 0;
    ready |= inbound.hasUntoldError() ? ERR : 0;
    return ready;
  }

  @Override
  public boolean isOpen() {
    return stream.isOpen();
  }

  @Override
  public void watch(Watcher watcher) {
    watchers.add(watcher);
    if (!isOpen()) {
      watcher.changed();
    }
  }

  @Override
  public void unwatch(Watcher watcher) {
    watchers.remove(watcher);
  }
}
