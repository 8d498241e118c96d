package socketserver.docs.given;

import java.io.IOException;
import socketserver.StreamRequestHandler;

/** The handler that snippets use without showing one. */
public class Handler extends StreamRequestHandler {
  @Override
  public void handle() throws IOException {
    wfile.write(rfile.readline());
  }
}
