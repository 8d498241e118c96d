package socketserver.injection;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.bytebuddy.agent.ByteBuddyAgent;
import socketserver.BaseServer;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Child;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.injection.InjectedRequests.Victim;
import socketserver.injection.Kind.Client;

/**
 * The program whose Java has steps in the library's code. Does what lines on its standard input ask
 * for, and tells how that went.
 */
final class Injected {
  /** What it tells when all is well. */
  static final String WELL = "well";

  /** Beside the one that dies: two for each event loop of a small machine. */
  private static final int OTHERS = 4;

  private static final int WARM_UP = 3;

  /** What has been warmed up; one thread asks. */
  private static final Set<String> WARM = new HashSet<>();

  /** Longer than all that is bounded in a round. */
  private static final Duration ROUND = Bounds.WAIT.multipliedBy(3);

  private final Kind kind;
  private final Threads threads;
  private final Fault fault;

  private Injected(Kind kind, Threads threads, Fault fault) {
    this.kind = kind;
    this.threads = threads;
    this.fault = fault;
  }

  public static void main(String[] arguments) throws Exception {
    Steps.insert(ByteBuddyAgent.getInstrumentation());
    var lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ");
      var injected =
          new Injected(Kind.valueOf(words[0]), Threads.valueOf(words[1]), Fault.valueOf(words[2]));
      Child.tell(injected.run(Integer.parseInt(words[3]), Long.parseLong(words[4])));
    }
  }

  /** The server that runs, with clients that are there all the time. */
  private final class Scene implements AutoCloseable {
    private final Path path = Kind.path();
    private final RunningServer<BaseServer<?>> running;
    private final List<Client> others = new ArrayList<>();
    private final long sockets;
    private int count;

    Scene() throws IOException {
      running = RunningServer.start(kind.server(threads, path));
      for (int i = 0; threads.areMany() && i < OTHERS; i++) {
        Client other = kind.client(running.server());
        others.add(other);
        // so that it is not the one that it is meant for
        other.echo("other " + i);
      }
      sockets = Descriptors.sockets();
    }

    /** What its pipeline meets Netty gives to the handlers in it, or keeps to itself. */
    private boolean isNettys(Throwable happened) {
      return Arrays.stream(happened.getStackTrace())
          .anyMatch(frame -> frame.getClassName().startsWith("io.netty."));
    }

    /** Lets it happen at a step, if the request comes as far; and what is bound to be is so. */
    Injection let(long at) throws Exception {
      Injection injection = new Injection(fault.toString(), fault::happen, at);
      Victim victim = new Victim(injection);
      victim.await();
      String phase = "the connection ends";
      try {
        try (Client client = kind.client(running.server())) {
          client.converse();
        }
        phase = "the request ends";
        Eventually.holds(phase, victim::isOver);
        if (injection.happened() != null
            && fault.isThrown()
            && victim.happenedInHandler()
            && !isNettys(injection.happened())) {
          phase = "handleError is told";
          if (victim.told() == null) {
            throw new AssertionError("handleError was told nothing");
          }
        }
        phase = "others are served";
        for (Client other : others) {
          other.echo("echo " + count++);
        }
        phase = "another client is served";
        try (Client next = kind.client(running.server())) {
          next.echo("new " + count++);
        }
        phase = "nothing is held";
        if (injection.happened() != null) {
          Eventually.holds(
              () -> Descriptors.sockets() + " sockets are open, before " + sockets,
              () -> Descriptors.sockets() <= sockets);
        }
      } catch (Throwable e) {
        AssertionError failure = new AssertionError("step " + at + ", not so: " + phase, e);
        if (injection.happened() != null) {
          failure.addSuppressed(injection.happened());
        }
        throw failure;
      }
      return injection;
    }

    @Override
    public void close() throws IOException {
      for (Client other : others) {
        other.close();
      }
      running.close();
      Files.deleteIfExists(path);
      Files.deleteIfExists(path.getParent());
    }
  }

  /** Asks for so many rounds, spread over all steps from a random one on. */
  private String run(int rounds, long seed) {
    try {
      warmUp();
      long before = Descriptors.sockets();
      try (Scene scene = new Scene()) {
        long steps = scene.let(Long.MAX_VALUE).steps();
        long stride = Math.max(1, steps / rounds);
        long first = 1 + (long) (new Random(seed).nextDouble() * stride);
        Injection last = null;
        for (long at = first; last == null || last.happened() != null; at += stride) {
          last = within(scene, at);
        }
      }
      Eventually.holds(
          () -> Descriptors.sockets() + " sockets are open, before " + before,
          () -> Descriptors.sockets() <= before);
      return WELL;
    } catch (Throwable e) {
      return text(e);
    }
  }

  /** Classes are loaded and linked, and what stays open is open, before anything happens. */
  private void warmUp() throws Exception {
    if (!WARM.add(kind + " " + threads)) {
      return;
    }
    try (Scene scene = new Scene()) {
      for (int i = 0; i < WARM_UP; i++) {
        scene.let(Long.MAX_VALUE);
      }
    }
  }

  private static Injection within(Scene scene, long at) {
    CompletableFuture<Injection> done = Background.ask("lets it happen", () -> scene.let(at));
    // a client that waits for ever is a failure as well
    return done.orTimeout(ROUND.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  /** In one line. */
  static String text(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    StringBuilder all = new StringBuilder(text.toString());
    Thread.getAllStackTraces()
        .forEach(
            (thread, stack) -> {
              if (thread.getName().contains("serv")
                  || thread.getName().contains("process_request")) {
                all.append("\n").append(thread).append("\n  at ");
                Arrays.stream(stack)
                    .limit(25)
                    .forEach(frame -> all.append(frame).append("\n  at "));
              }
            });
    return all.toString().replace("\n", "\\n");
  }
}
