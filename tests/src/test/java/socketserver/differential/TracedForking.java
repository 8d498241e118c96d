package socketserver.differential;

/** A traced server that handles requests in processes, and can serve run after run. */
interface TracedForking<R> extends TracedHooks<R> {
  /** From now on its hooks report to this run. */
  void serve(Run run);
}
