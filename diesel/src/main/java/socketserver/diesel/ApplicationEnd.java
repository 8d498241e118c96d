package socketserver.diesel;

/** Ends each loop of an application that halts; thrown again by whatever waits after that. */
final class ApplicationEnd extends TerminateLoop {
  private static final long serialVersionUID = 1L;

  ApplicationEnd() {
    super("the application has halted");
  }
}
