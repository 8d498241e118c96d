package socketserver.diesel;

/**
 * Thrown by a {@link Queue#get(boolean)} that does not wait when there is nothing to take (Python:
 * {@code diesel.util.queue.QueueEmpty}).
 */
public class QueueEmpty extends Exception {
  private static final long serialVersionUID = 1L;

  /** Makes one. */
  public QueueEmpty() {
    super("the queue is empty");
  }
}
