package socketserver.differential;

/** Where a server handles its requests. */
enum Form {
  /** On the thread that serves. */
  SYNC,
  /** In a thread each. */
  THREADING,
  /** In child processes. */
  FORKING
}
