package socketserver.differential;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import socketserver.BaseServer;

/** Runs a scenario on both servers and compares the transcripts. */
final class Comparison {
  private static final ScheduledExecutorService WATCHDOG =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "differential-watchdog");
            thread.setDaemon(true);
            return thread;
          });

  private final PythonProcess python;

  Comparison(PythonProcess python) {
    this.python = python;
  }

  /** How our server is started. */
  interface Starter {
    RunningServer start(Sockets sockets) throws Exception;
  }

  <R, S extends BaseServer<R>> void check(Scenario<R, S> scenario, Family family) throws Exception {
    check(scenario, family, sockets -> JavaServer.start(scenario, family, sockets));
  }

  <R, S extends BaseServer<R>> void check(Scenario<R, S> scenario, Family family, Starter starter)
      throws Exception {
    List<String> pythons;
    try (Sockets sockets = family.sockets()) {
      pythons = new ArrayList<>(transcript(scenario, python.start(scenario, sockets), sockets));
      pythons.removeAll(scenario.unsaid());
    }
    List<String> ours;
    try (Sockets sockets = family.sockets()) {
      ours = transcript(scenario, starter.start(sockets), sockets);
    }
    Difference found = Difference.between(pythons, ours);
    Difference expected = scenario.difference(family);
    if (expected == null) {
      if (!found.isEmpty()) {
        fail(report(scenario.name, "the two servers differ", found, pythons, ours));
      }
    } else if (!anywhere(found.pythonOnly()).equals(expected.pythonOnly())
        || !anywhere(found.javaOnly()).equals(expected.javaOnly())) {
      fail(report(scenario.name, "not the difference on purpose", found, pythons, ours));
    }
  }

  /** Without what says in which process it was: a difference is expected in whichever handles. */
  private static List<String> anywhere(List<String> lines) {
    return lines.stream().map(line -> line.replace(Transcript.IN_CHILD, "")).toList();
  }

  private static <R, S extends BaseServer<R>> List<String> transcript(
      Scenario<R, S> scenario, RunningServer server, Sockets sockets) throws Exception {
    try (Client client = new Client(server, sockets)) {
      // the JDK's sockets have no time-out for writing
      Future<?> watchdog =
          WATCHDOG.schedule(client::abandon, 2 * Bound.WAIT.toSeconds(), TimeUnit.SECONDS);
      try {
        scenario.client().run(client);
      } finally {
        watchdog.cancel(false);
        server.stop();
      }
      return Transcript.of(client, server.trace(), scenario.form);
    }
  }

  private static String report(
      String name, String what, Difference found, List<String> pythons, List<String> ours) {
    return name
        + ": "
        + what
        + "\n--- only with Python\n"
        + String.join("\n", found.pythonOnly())
        + "\n--- only with ours\n"
        + String.join("\n", found.javaOnly())
        + "\n--- all with Python\n"
        + String.join("\n", pythons)
        + "\n--- all with ours\n"
        + String.join("\n", ours)
        + "\n";
  }
}
