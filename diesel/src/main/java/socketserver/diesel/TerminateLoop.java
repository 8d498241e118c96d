package socketserver.diesel;

/**
 * Ends the loop that throws it, silently; its connection is closed when all is sent (Python: {@code
 * diesel.TerminateLoop}).
 *
 * <p>Not an {@link Exception}, unlike Python's, so that {@code catch (Exception e)} lets it pass:
 * an end must not be mistaken for an error to go on from. {@code finally} runs.
 */
public class TerminateLoop extends Error {
  private static final long serialVersionUID = 1L;

  /** Makes one. */
  public TerminateLoop() {
    this("the loop ends");
  }

  /**
   * Makes one that says why.
   *
   * @param message why the loop ends
   */
  public TerminateLoop(String message) {
    // nobody is told where it came from
    super(message, null, false, false);
  }
}
