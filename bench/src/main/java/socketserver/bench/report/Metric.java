package socketserver.bench.report;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** One figure of a sample. */
public enum Metric {
  /** How much a second. */
  RATE("throughput", true, sample -> OptionalDouble.of(sample.amount() / sample.seconds())),
  /** Processor time of the server for one. */
  CPU("CPU each", false, sample -> OptionalDouble.of(sample.cpuMicros() / sample.amount())),
  /** The time that half of the requests took at most. */
  P50("p50 µs", false, sample -> sample.latency(50)),
  /** The time that 99 of 100 took at most. */
  P99("p99 µs", false, sample -> sample.latency(99)),
  /** The time that 999 of 1,000 took at most. */
  P999("p99.9 µs", false, sample -> sample.latency(99.9)),
  /** Memory in RAM. */
  RESIDENT("MiB", false, sample -> OptionalDouble.of(sample.residentKib() / 1024.0)),
  /** Threads. */
  THREADS("threads", false, sample -> OptionalDouble.of(sample.threads())),
  /** Open descriptors. */
  DESCRIPTORS("fds", false, sample -> OptionalDouble.of(sample.descriptors())),
  /** Memory of an idle connection. */
  KIB_EACH("KiB each", false, sample -> idle(sample, Idle::kibEach)),
  /** Processor time while nobody asks. */
  REST("ms/s at rest", false, sample -> idle(sample, Idle::restMillis));

  private final String title;
  private final boolean more;
  private final Function<Sample, OptionalDouble> figure;

  Metric(String title, boolean more, Function<Sample, OptionalDouble> figure) {
    this.title = title;
    this.more = more;
    this.figure = figure;
  }

  /** What the reports call it. */
  public String title() {
    return title;
  }

  /** Whether more of it is better. */
  public boolean moreIsBetter() {
    return more;
  }

  /** Its spread over the rounds of a server; nothing if it has none. */
  public Optional<Spread> of(Outcome outcome) {
    var figures =
        outcome.samples().stream().map(figure).flatMapToDouble(OptionalDouble::stream).boxed();
    var list = figures.toList();
    return list.isEmpty() ? Optional.empty() : Optional.of(Spread.of(list));
  }

  private static OptionalDouble idle(Sample sample, Function<Idle, Double> figure) {
    return sample.idle() == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(figure.apply(sample.idle()));
  }
}
