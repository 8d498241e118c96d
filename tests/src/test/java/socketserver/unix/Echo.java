package socketserver.unix;

import java.io.IOException;
import socketserver.StreamRequestHandler;

/** Answers each line with itself. */
final class Echo extends StreamRequestHandler {
  @Override
  public void handle() throws IOException {
    for (byte[] line : rfile) {
      wfile.write(line);
    }
  }
}
