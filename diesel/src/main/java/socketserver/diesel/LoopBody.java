package socketserver.diesel;

/**
 * What a {@link Loop} runs: straight-line code that waits with the functions of {@link Diesel}. In
 * Python any callable; arguments are what the lambda captures.
 */
@FunctionalInterface
public interface LoopBody {
  /**
   * Runs, on the loop's thread, while no other loop of the application does.
   *
   * @throws Exception for whatever reason: it is logged, and the loop ends
   */
  void run() throws Exception;
}
