package socketserver.netty;

import java.io.IOException;

/** The system calls of one socket that listens. */
interface ListenCalls extends SocketCalls {
  void listen(int backlog) throws IOException;

  /** Takes a connection; null if there is none. */
  NettyStream accept() throws IOException;
}
