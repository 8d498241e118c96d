package socketserver.unix;

import java.io.IOException;
import socketserver.DatagramRequestHandler;

/** Answers each datagram with itself. */
final class DatagramEcho extends DatagramRequestHandler {
  @Override
  public void handle() throws IOException {
    wfile.write(packet);
  }
}
