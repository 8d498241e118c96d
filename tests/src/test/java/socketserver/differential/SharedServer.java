package socketserver.differential;

import com.google.gson.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import socketserver.BaseServer;
import socketserver.ForkingMixIn;
import socketserver.HandlerFactory;

/**
 * One of our forking servers that serves scenario after scenario. Its child processes handle any
 * number of requests, which must look like those of a process each.
 *
 * @param <R> the kind of request
 * @param <S> the class of the server
 */
final class SharedServer<R, S extends BaseServer<R> & ForkingMixIn & TracedForking<R>>
    implements Closeable {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

  /** Makes the server. */
  interface Maker<R, S> {
    S make(Run run, HandlerFactory<R> handler) throws IOException;
  }

  private final Sockets sockets;
  private final S server;

  SharedServer(Family family, Maker<R, S> maker) throws IOException {
    sockets = family.sockets();
    HandlerFactory<R> none = PlainHandling.<R>plain(h -> {})::newHandler;
    server = maker.make(new Run(new JsonObject(), sockets), none);
    server.maxRequestsPerChild(0);
  }

  /** Starts to serve a scenario, until that is stopped. */
  RunningServer start(Scenario<R, ?> scenario, Sockets clients) {
    Run run = new Run(scenario.parameters, clients);
    Handling<R> handling = scenario.handling();
    server.requestHandler(handling::newHandler);
    server.serve(run);
    Serving serving = new Serving(run);
    serving.thread.start();
    return serving;
  }

  private final class Serving implements RunningServer {
    private final Run run;
    private final Thread thread = new Thread(this::work, "differential-main");

    Serving(Run run) {
      this.run = run;
    }

    private void work() {
      try {
        server.serveForever(POLL_INTERVAL);
      } catch (Throwable e) {
        run.enter(null);
        run.hook("serve_forever raised " + PythonNames.of(e));
      }
    }

    @Override
    public String address() {
      return sockets.name(server.serverAddress());
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
      Thread stopping = new Thread(this::end, "differential-stop");
      stopping.start();
      stopping.join(Bound.WAIT.multipliedBy(2).toMillis());
      run.close();
      if (stopping.isAlive()) {
        throw new AssertionError("the server does not stop");
      }
    }

    private void end() {
      server.shutdown();
      server.collectChildren(true);
    }
  }

  @Override
  public void close() throws IOException {
    server.serverClose();
    sockets.close();
  }
}
