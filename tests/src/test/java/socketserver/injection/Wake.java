package socketserver.injection;

/** What ends a wait for a socket. */
enum Wake {
  /** What is waited for comes. */
  ARRIVES,
  PEER_CLOSES,
  CLOSED,
  SHUT_DOWN,
  INTERRUPTED
}
