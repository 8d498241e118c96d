package socketserver.bench;

import static socketserver.bench.report.Metric.CPU;
import static socketserver.bench.report.Metric.KIB_EACH;
import static socketserver.bench.report.Metric.P50;
import static socketserver.bench.report.Metric.P99;
import static socketserver.bench.report.Metric.RATE;
import static socketserver.bench.report.Metric.REST;

import java.util.List;
import java.util.stream.Stream;
import socketserver.bench.report.Goal;
import socketserver.bench.report.Metric;

/** What this library is to reach beside its peers. */
final class Targets {
  /** What the system counts processor time in, in milliseconds: less than that is nothing. */
  private static final double NOTHING = 10;

  private final Roster roster;

  Targets(Roster roster) {
    this.roster = roster;
  }

  List<Goal> goals() {
    return Stream.of(lines(), epoll(), connect(), bulk(), datagrams(), unix(), others())
        .flatMap(List::stream)
        .toList();
  }

  private List<Goal> lines() {
    Contestant python = roster.python("threading");
    return List.of(
        goal("a", "lines-64", roster.threading(), python, RATE, 2.5),
        goal("a", "lines-64", roster.threading(), roster.javaNetThreads(), RATE, 0.95),
        goal("a", "lines-64", roster.threading(), roster.javaNetThreads(), CPU, 1.15),
        goal("b", "pipelined-64", roster.threading(), python, RATE, 12),
        goal("b", "pipelined-64", roster.threading(), roster.javaNetThreads(), RATE, 4),
        goal("b", "pipelined-64", roster.threading(), roster.nettyBase(), RATE, 0.85),
        goal("c", "lines-64", roster.virtual(), roster.javaNetVirtual(), RATE, 1.05),
        goal("c", "lines-64", roster.virtual(), roster.nettyNewest(), RATE, 1),
        goal("c", "lines-1000", roster.virtual(), roster.javaNetVirtual(), RATE, 1),
        goal("d", "pipelined-64", roster.virtual(), roster.javaNetVirtual(), RATE, 4),
        goal("e", "lines-64", roster.eventLoop(), roster.nettyNewest(), CPU, 1.05),
        goal("f", "pipelined-64", roster.eventLoop(), roster.nettyNewest(), RATE, 0.8));
  }

  private List<Goal> epoll() {
    return Stream.of("epoll-1", "epoll-64", "epoll-1000", "epoll-pipelined")
        .map(workload -> goal("n", workload, roster.epollNewest(), roster.python("epoll"), RATE, 5))
        .toList();
  }

  private List<Goal> connect() {
    Stream<Goal> both =
        Stream.of("connect", "connect-one")
            .flatMap(
                workload ->
                    Stream.of(
                        goal("g", workload, roster.threading(), roster.javaNetThreads(), RATE, 1.7),
                        goal("g", workload, roster.virtual(), roster.javaNetVirtual(), RATE, 1.05),
                        goal("g", workload, roster.eventLoop(), roster.nettyNewest(), RATE, 1.15)));
    Goal one = goal("g", "connect", roster.threading(), roster.python("threading"), RATE, 2.5);
    return Stream.concat(both, Stream.of(one)).toList();
  }

  private List<Goal> bulk() {
    return Stream.of("bulk-in", "bulk-out")
        .map(
            workload ->
                new Goal("h", workload, ours(roster.bulk()), javaNet(roster.bulk()), RATE, 0.9))
        .toList();
  }

  private List<Goal> datagrams() {
    Contestant python = roster.python("sync");
    return List.of(
        goal("i", "udp", roster.sync(), python, RATE, 1.7),
        goal("i", "udp", roster.sync(), python, CPU, 0.6),
        goal("i", "udp", roster.sync(), roster.nettyBase(), RATE, 1),
        goal("i", "udp", roster.threading(), python, RATE, 1),
        goal("i", "udp", roster.threading(), roster.python("threading"), RATE, 8));
  }

  private List<Goal> unix() {
    Contestant python = roster.python("threading");
    return List.of(
        goal("j", "unix-lines-64", roster.threading(), python, RATE, 3),
        goal("j", "unix-lines-64", roster.threading(), roster.junixsocket(), RATE, 1.5),
        goal("j", "unix-pipelined", roster.threading(), python, RATE, 12));
  }

  private List<Goal> others() {
    return List.of(
        figure("k", "idle", roster.virtual(), KIB_EACH, 12),
        figure("k", "idle", roster.eventLoop(), KIB_EACH, 12),
        figure("k", "idle", roster.virtual(), REST, NOTHING),
        figure("k", "idle", roster.eventLoop(), REST, NOTHING),
        goal("l", "lines-1", roster.sync(), roster.javaNetThreads(), P50, 1),
        goal("l", "lines-1", roster.threading(), roster.javaNetThreads(), P50, 1),
        goal("m", "tls-64", roster.threading(), roster.javaNetThreads(), RATE, 1),
        goal("m", "tls-64", roster.virtual(), roster.javaNetVirtual(), RATE, 1),
        goal("m", "tls-64", roster.eventLoop(), roster.nettyNewest(), RATE, 0.9),
        goal("o", "chat", roster.threading(), roster.javaNetThreads(), RATE, 1),
        goal("o", "chat", roster.eventLoop(), roster.nettyNewest(), RATE, 1),
        goal("p", "cold", roster.threading(), roster.javaNetThreads(), RATE, 0.7),
        goal("q", "mix", roster.virtual(), roster.javaNetVirtual(), P99, 1.5),
        goal("q", "mix", roster.eventLoop(), roster.javaNetVirtual(), P99, 1.5));
  }

  private static Goal goal(
      String letter,
      String workload,
      Contestant ours,
      Contestant peer,
      Metric metric,
      double limit) {
    return new Goal(letter, workload, List.of(ours.name()), List.of(peer.name()), metric, limit);
  }

  private static Goal figure(
      String letter, String workload, Contestant ours, Metric metric, double limit) {
    return new Goal(letter, workload, List.of(ours.name()), List.of(), metric, limit);
  }

  private static List<String> ours(List<Contestant> contestants) {
    return contestants.stream().filter(Contestant::ours).map(Contestant::name).toList();
  }

  private static List<String> javaNet(List<Contestant> contestants) {
    return contestants.stream()
        .filter(contestant -> contestant.peer() == Peer.JAVA_NET)
        .map(Contestant::name)
        .toList();
  }
}
