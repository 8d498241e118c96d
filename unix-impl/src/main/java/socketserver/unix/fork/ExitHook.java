package socketserver.unix.fork;

/** What is done when this process ends, unless it is removed before. On any thread. */
final class ExitHook {
  private final Thread hook;

  ExitHook(Runnable action) {
    this.hook = new Thread(action, "socketserver-children-exit");
  }

  /** Has no effect if the process ends already. */
  void add() {
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process ends
    }
  }

  void remove() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process ends
    }
  }
}
