package socketserver.stopping;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import socketserver.BaseServer;
import socketserver.DatagramRequest;
import socketserver.DatagramRequestHandler;
import socketserver.HandlerFactory;
import socketserver.RunningRequest;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;

/**
 * What handlers of a test do, by what their client says, and what becomes of them.
 *
 * <p>"hold" waits until the test lets it go, "stuck" does so whatever interrupts it; then comes
 * "done". "flood" sends without end. Everything else is answered with itself.
 */
public final class Stage {
  /** Handlers that hold may go on. */
  public final CountDownLatch release = new CountDownLatch(1);

  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  public HandlerFactory<StreamSocket> lines() {
    return Lines::new;
  }

  public HandlerFactory<DatagramRequest> datagrams() {
    return Datagrams::new;
  }

  /** Handles lines until the end of the stream. */
  private final class Lines extends StreamRequestHandler {
    @Override
    public void handle() throws Exception {
      try {
        tell("begun");
        String line = rfile.readline(StandardCharsets.UTF_8);
        while (!line.isEmpty()) {
          wfile.write(answer(line.strip()) + "\n");
          line = rfile.readline(StandardCharsets.UTF_8);
        }
        tell(server.isClosing() ? "end of stream, closing" : "end of stream");
      } catch (InterruptedException e) {
        tell("interrupted");
      } catch (IOException e) {
        tell(e.getClass().getSimpleName());
        throw e;
      }
    }

    private String answer(String line) throws Exception {
      if (line.equals("flood")) {
        while (true) {
          wfile.write(new byte[64 << 10]);
        }
      }
      return Stage.this.answer(line);
    }
  }

  /** Answers a datagram. */
  private final class Datagrams extends DatagramRequestHandler {
    @Override
    public void handle() throws Exception {
      tell("begun");
      try {
        wfile.write(answer(rfile.readline(StandardCharsets.UTF_8).strip()));
        tell("answered");
      } catch (InterruptedException e) {
        tell("interrupted");
      }
    }
  }

  private String answer(String line) throws InterruptedException {
    switch (line) {
      case "hold" -> {
        tell("holds");
        if (!release.await(Bounds.WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new AssertionError("the test does not let the handler go");
        }
        return "done";
      }
      case "stuck" -> {
        tell("holds");
        long deadline = System.nanoTime() + Bounds.WAIT.toNanos();
        while (release.getCount() > 0 && deadline - System.nanoTime() > 0) {
          LockSupport.parkNanos(1_000_000);
          if (Thread.interrupted()) {
            tell("ignored an interrupt");
          }
        }
        return "done";
      }
      default -> {
        return line;
      }
    }
  }

  public void tell(String event) {
    events.add(event);
  }

  /** The next thing that a handler tells. */
  public String next() {
    try {
      String event = events.poll(Bounds.WAIT.toMillis(), TimeUnit.MILLISECONDS);
      if (event == null) {
        throw new AssertionError("no handler tells anything");
      }
      return event;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting for a handler", e);
    }
  }

  /** Waits for a certain event, past others. */
  public void await(String event) {
    while (!next().equals(event)) {
      // another one
    }
  }

  public boolean hasTold() {
    return !events.isEmpty();
  }

  /** The only request, once there is one. */
  public static RunningRequest only(BaseServer<?> server) {
    Eventually.holds(
        () -> "one request runs: " + server.requests(), () -> server.requests().size() == 1);
    return server.requests().get(0);
  }

  public static void awaitNone(BaseServer<?> server) {
    Eventually.holds(
        () -> "no request runs: " + server.requests(), () -> server.requests().isEmpty());
  }

  /** Waits until the handler of the only request waits for its client. */
  public static RunningRequest awaitIdle(BaseServer<?> server) {
    Eventually.holds("the request waits for its client", () -> !only(server).waitingFor().isZero());
    return only(server);
  }
}
