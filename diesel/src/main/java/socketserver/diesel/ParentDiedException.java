package socketserver.diesel;

/**
 * Thrown by what a loop waits for when the loop that made it with {@link Diesel#forkChild} has
 * ended (Python: {@code diesel.ParentDiedException}). A loop that does not catch it ends silently,
 * and is not kept alive; one that does may go on.
 */
public class ParentDiedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes one. */
  public ParentDiedException() {
    super("the parent loop has ended");
  }
}
