package socketserver;

/** What gives requests their threads. */
interface RequestRunner {
  /**
   * Runs a request beside the calling thread.
   *
   * @param request what to run
   * @param task where it comes from
   * @param daemon whether the process may end before it
   * @throws OutOfMemoryError if the system gives no more threads
   * @throws java.util.concurrent.RejectedExecutionException if a user's executor takes no more
   */
  void run(Runnable request, RequestTask task, boolean daemon);

  /** Lets the threads go that wait for a request, and those that work as soon as they are done. */
  void releaseIdle();
}
