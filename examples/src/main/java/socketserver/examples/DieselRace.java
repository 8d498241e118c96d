package socketserver.examples;

import static socketserver.diesel.Diesel.quickstart;
import static socketserver.diesel.Diesel.quickstop;
import static socketserver.diesel.Diesel.sleep;

import java.io.PrintStream;
import java.time.Duration;
import java.util.stream.Stream;
import socketserver.diesel.Event;
import socketserver.diesel.Loop;

/**
 * Eight loops wait for a shot, which is an {@link Event}.
 *
 * <p>Python original: {@code examples/event.py} of Diesel. It differs in nothing that one sees.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.DieselRace}
 */
public final class DieselRace {
  private static final String USAGE =
      """
      usage: DieselRace
      Starts eight racers with one shot, on Diesel.\
      """;

  private static final int RACERS = 8;

  private final Event pistol = new Event();
  private final PrintStream out;

  private DieselRace(PrintStream out) {
    this.out = out;
  }

  private void racer() {
    pistol.waitFor();
    out.println("CHAAARGE!");
  }

  private void starter() {
    out.println("Ready...");
    sleep(Duration.ofSeconds(1));
    out.println("Set...");
    sleep(Duration.ofSeconds(1));
    out.println(" ~~~~~~~~~ BANG ~~~~~~~~~ ");
    pistol.set();
    sleep(Duration.ofSeconds(1));
    out.println(" ~~~~~~~~~ RACE OVER ~~~~~~~~~ ");
    quickstop();
  }

  /**
   * Runs the race.
   *
   * @param out where it prints
   */
  public static void run(PrintStream out) {
    DieselRace race = new DieselRace(out);
    quickstart(
        new Loop(race::starter),
        Stream.generate(() -> new Loop(race::racer)).limit(RACERS).toList());
  }

  /**
   * Runs the race.
   *
   * @param args none
   */
  public static void main(String[] args) {
    CommandLine.main(
        USAGE,
        words -> {
          words.end();
          run(System.out);
        },
        args);
  }
}
