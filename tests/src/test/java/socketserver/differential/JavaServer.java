package socketserver.differential;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import socketserver.BaseServer;

/** A scenario running on our server. */
final class JavaServer<S extends BaseServer<?>> implements RunningServer {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

  private final Run run;
  private final S server;
  private final boolean servesUntilStopped;
  private final Thread thread;

  private JavaServer(Run run, S server, Scenario.Main<S> main) {
    this.run = run;
    this.server = server;
    this.servesUntilStopped = main == null;
    this.thread = new Thread(() -> work(main), "differential-main");
  }

  static <R, S extends BaseServer<R>> JavaServer<S> start(
      Scenario<R, S> scenario, Family family, Sockets sockets) throws Exception {
    Run run = new Run(scenario.parameters, sockets);
    Handling<R> handling = scenario.handling();
    S server = scenario.server(family).make(run, handling::newHandler);
    JavaServer<S> running = new JavaServer<>(run, server, scenario.main());
    running.thread.start();
    return running;
  }

  private void work(Scenario.Main<S> main) {
    try {
      if (main == null) {
        server.serveForever(POLL_INTERVAL);
      } else {
        main.run(server, run);
      }
    } catch (Throwable e) {
      run.enter(null);
      run.hook((main == null ? "serve_forever" : "main") + " raised " + PythonNames.of(e));
    }
  }

  @Override
  public String address() {
    return run.sockets.name(server.serverAddress());
  }

  @Override
  public Trace trace() {
    return run.trace;
  }

  @Override
  public void open(String gate) {
    run.open(gate);
  }

  @Override
  public void stop() throws Exception {
    AtomicReference<Throwable> problem = new AtomicReference<>();
    Thread stopping = new Thread(this::end, "differential-stop");
    stopping.setUncaughtExceptionHandler((dead, e) -> problem.set(e));
    stopping.start();
    stopping.join(Bound.WAIT.multipliedBy(2).toMillis());
    run.close();
    if (stopping.isAlive()) {
      throw new AssertionError("the server does not stop; it is at " + where(stopping));
    }
    if (problem.get() != null) {
      throw new AssertionError("stopping the server failed", problem.get());
    }
  }

  private void end() {
    if (servesUntilStopped) {
      server.shutdown();
    }
    try {
      thread.join(Bound.WAIT.toMillis());
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this thread", e);
    }
    boolean alive = thread.isAlive();
    String where = where(thread);
    server.serverClose();
    if (alive) {
      throw new AssertionError("the server's thread has not ended; it is at " + where);
    }
  }

  private static String where(Thread thread) {
    return java.util.Arrays.toString(thread.getStackTrace());
  }
}
