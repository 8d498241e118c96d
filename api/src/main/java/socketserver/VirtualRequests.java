package socketserver;

import socketserver.spi.VirtualThreads;

/** A virtual thread for each request. */
final class VirtualRequests implements RequestRunner {
  private final ProcessHold hold = new ProcessHold();

  @Override
  public void run(Runnable request, RequestTask task, boolean daemon) {
    hold.start(VirtualThreads::unstarted, request, daemon);
  }

  @Override
  public void releaseIdle() {
    hold.releaseIdle();
  }
}
