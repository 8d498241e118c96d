package socketserver.netty.listen;

import java.io.IOException;
import socketserver.netty.ground.SocketCalls;
import socketserver.netty.stream.NettyStream;

/** The system calls of one socket that listens. */
interface ListenCalls extends SocketCalls {
  void listen(int backlog) throws IOException;

  /** Takes a connection; null if there is none. */
  NettyStream accept() throws IOException;
}
