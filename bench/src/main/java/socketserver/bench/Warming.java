package socketserver.bench;

import java.io.IOException;
import java.time.Duration;
import socketserver.bench.load.Load;

/**
 * Drives servers until they are warm: for a time that is long enough; or, in a quick run, until a
 * request no longer costs less processor time than just before. On a busy machine no time says
 * that.
 */
final class Warming {
  private static final Duration LONGEST = Duration.ofSeconds(20);

  /** Processor time from its start on before which no JVM has compiled what it runs most. */
  private static final double LEAST_MICROS = 1_500_000;

  /** Processor time that says what a request costs: the system counts it in 10,000. */
  private static final double PIECE_MICROS = 200_000;

  /** What a cost must be of the one before to have fallen. */
  private static final double FALLEN = 0.75;

  private final ServerProcess server;
  private final Load load;
  private final Duration slice;
  private final long begin = System.nanoTime();

  private Warming(ServerProcess server, Load load, Duration slice) {
    this.server = server;
    this.load = load;
    this.slice = slice;
  }

  static void warm(ServerProcess server, Contestant contestant, Load load, Effort effort)
      throws IOException {
    if (!effort.shared() || contestant.jdk() == null) {
      load.run(effort.warmUp());
      return;
    }
    Warming warming = new Warming(server, load, effort.warmUp());
    warming.drive(LEAST_MICROS);
    untilSteady(warming::cost);
  }

  /** Drives a server for a moment, and returns what a request cost. */
  interface Piece {
    double cost() throws IOException;
  }

  static void untilSteady(Piece piece) throws IOException {
    double before;
    double cost = Double.MAX_VALUE;
    do {
      before = cost;
      cost = piece.cost();
    } while (cost < FALLEN * before);
  }

  /** Processor time for a request; endless when there is no time for more. */
  private double cost() throws IOException {
    double before = server.usage().cpuMicros();
    long requests = drive(before + PIECE_MICROS);
    return requests == 0 ? Double.MAX_VALUE : (server.usage().cpuMicros() - before) / requests;
  }

  /** Until the server has used so much processor time in all; returns the requests answered. */
  private long drive(double micros) throws IOException {
    long requests = 0;
    while (server.usage().cpuMicros() < micros && System.nanoTime() - begin < LONGEST.toNanos()) {
      requests += load.run(slice).requests();
    }
    return requests;
  }
}
