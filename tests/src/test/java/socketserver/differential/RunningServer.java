package socketserver.differential;

/** A server that a scenario talks to: Python's or ours. */
interface RunningServer {
  /** Where it is bound: a port or a path. */
  String address();

  Trace trace();

  /** Lets a handler pass a gate, now or when it comes there. */
  void open(String gate) throws Exception;

  /**
   * Ends the server and waits until it has ended.
   *
   * @throws AssertionError if that fails or takes too long
   */
  void stop() throws Exception;
}
