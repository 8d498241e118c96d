package socketserver;

/** What kind of socket a server listens on (Python: {@code socket_type}). */
public enum SocketType {
  /** Connected streams of bytes (Python: {@code SOCK_STREAM}). */
  STREAM,
  /** Single datagrams (Python: {@code SOCK_DGRAM}). */
  DGRAM
}
