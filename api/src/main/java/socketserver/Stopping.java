package socketserver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a server keeps to be stopped: the requests that run, and how they are to end. */
final class Stopping {
  final Attribute<Boolean> endIdleOnClose;

  private final BaseServer<?> server;
  private final RunningRequests running;

  /** Written by the constructor: the server is a copy in a child process. */
  private boolean copy;

  /** Written by any thread: the end of the process closes the server. */
  private volatile boolean closesOnExit;

  Stopping(BaseServer<?> server) {
    this.server = server;
    running = new RunningRequests(server);
    endIdleOnClose = new Attribute<>(server, Stoppable.class, "endIdleOnClose", false);
  }

  RunningRequests running() {
    return running;
  }

  /** The server takes no requests, and yet it is not closed. */
  void markCopy() {
    copy = true;
  }

  boolean isClosing() {
    return !copy && server.loop().isClosed();
  }

  List<RunningRequest> requests() {
    List<RunningRequest> all = new ArrayList<>();
    running.all().forEach(task -> all.add(new InThread(task)));
    all.addAll(inChildren());
    return all;
  }

  /** Those that child processes run, or will. */
  List<RunningRequest> inChildren() {
    List<RunningRequest> all = new ArrayList<>();
    server.mixInState().parts().forEach(part -> all.addAll(part.requests()));
    return all;
  }

  void closeOnExit(Duration grace) {
    GracefulClose.check(grace);
    server.checkOpen();
    closesOnExit = true;
    ExitClosing.add(server, grace);
  }

  boolean closesOnExit() {
    return closesOnExit;
  }

  /** The server is closed, and nobody waits for its requests any longer. */
  void closed() {
    if (closesOnExit) {
      closesOnExit = false;
      ExitClosing.remove(server);
    }
  }
}
