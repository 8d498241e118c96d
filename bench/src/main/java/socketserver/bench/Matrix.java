package socketserver.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import socketserver.bench.report.Outcome;
import socketserver.bench.report.Result;
import socketserver.bench.report.Sample;

/**
 * Measures contestants in workloads: each server is a process of its own, driven from this one, and
 * in each round every contestant has a turn, so that what else the machine does meets all of them.
 *
 * <p>What is fair here: a server starts once for a workload, is driven until it is warm, and stays
 * for all rounds, as its first seconds are not what is asked for. While another has its turn it has
 * no connection and uses no processor time: a turn begins when those that had theirs are at rest.
 * Nothing is pinned to a core, and the load generator uses the same cores as the servers.
 *
 * <p>In a quick run those of a workload start together, and a server stays for all workloads of its
 * protocol: what it has learnt in one is not what it would learn in another, so those figures are a
 * look and no comparison.
 */
final class Matrix {
  private static final Duration LOOK = Duration.ofMillis(40);

  private final Commands commands;
  private final Effort effort;
  private final Progress progress;

  Matrix(Commands commands, Effort effort, Progress progress) {
    this.commands = commands;
    this.effort = effort;
    this.progress = progress;
  }

  /** How many steps of progress some workloads are. */
  static int steps(List<Workload> workloads, Effort effort) {
    int contestants = workloads.stream().mapToInt(workload -> workload.contestants().size()).sum();
    return contestants * (effort.rounds() + 1);
  }

  /** Measures some workloads, and hands over the result of each when it is there. */
  List<Result> run(List<Workload> workloads, Consumer<Result> whenDone)
      throws InterruptedException {
    List<Result> results = new ArrayList<>();
    try (Servers shared = new Servers(commands)) {
      for (int i = 0; i < workloads.size(); i++) {
        Workload workload = workloads.get(i);
        Result result;
        if (effort.shared()) {
          result = new Turns(workload, shared).take();
          shared.endAllBut(workloads.subList(i + 1, workloads.size()));
        } else {
          try (Servers own = new Servers(commands)) {
            result = new Turns(workload, own).take();
          }
        }
        results.add(result);
        whenDone.accept(result);
      }
    }
    return results;
  }

  /** The rounds of one workload. */
  private final class Turns {
    private final Workload workload;
    private final Servers servers;
    private final Map<Contestant, List<Sample>> samples = new LinkedHashMap<>();
    private final Map<Contestant, String> failures = new LinkedHashMap<>();
    private final Deque<ServerProcess> latest = new ArrayDeque<>();

    Turns(Workload workload, Servers servers) {
      this.workload = workload;
      this.servers = servers;
    }

    Result take() throws InterruptedException {
      if (effort.shared() && !workload.measuring().fresh()) {
        progress.note(workload.name() + ": the servers start");
        servers.startTogether(workload);
      }
      for (Contestant contestant : workload.contestants()) {
        samples.put(contestant, new ArrayList<>());
        contestant.obstacle().ifPresent(reason -> failures.put(contestant, reason));
        turn(contestant, "warm-up", this::warmUp);
      }
      for (int i = 1; i <= effort.rounds(); i++) {
        int round = i;
        for (Contestant contestant : workload.contestants()) {
          turn(
              contestant,
              "round %d of %d".formatted(round, effort.rounds()),
              one -> measure(one, round));
        }
      }
      return result();
    }

    private interface Turn {
      void take(Contestant contestant) throws IOException, InterruptedException;
    }

    /** Lets a contestant have its turn, unless it has failed before. */
    private void turn(Contestant contestant, String what, Turn turn) throws InterruptedException {
      progress.next(workload.name() + ": " + what, contestant.name());
      if (failures.containsKey(contestant)) {
        return;
      }
      try {
        turn.take(contestant);
        if (workload.measuring().fresh()) {
          servers.end(contestant, workload);
        }
      } catch (IOException | RuntimeException e) {
        failures.put(contestant, e.getMessage() == null ? e.toString() : e.getMessage());
        servers.end(contestant, workload);
      }
    }

    private void warmUp(Contestant contestant) throws IOException, InterruptedException {
      ServerProcess server = servers.of(contestant, workload);
      latest.add(server);
      workload.measuring().warmUp(server, contestant);
    }

    private void measure(Contestant contestant, int round)
        throws IOException, InterruptedException {
      Measuring measuring = workload.measuring();
      ServerProcess server = servers.of(contestant, workload);
      if (!measuring.fresh()) {
        latest.add(server);
        Rest.await(latest, LOOK);
        latest.retainAll(List.of(server));
      }
      samples.get(contestant).add(measuring.measure(server, workload, contestant, round));
    }

    private Result result() {
      return new Result(
          workload.name(),
          workload.title(),
          workload.unit(),
          workload.connections(),
          workload.contestants().stream()
              .map(
                  contestant ->
                      new Outcome(
                          contestant.name(),
                          contestant.ours(),
                          samples.get(contestant),
                          failures.get(contestant)))
              .toList());
    }
  }
}
