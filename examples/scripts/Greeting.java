import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import socketserver.StreamRequestHandler;
import socketserver.ThreadingTCPServer;

/**
 * A greeting server in one file, to be run without compiling it first, as a Python script is:
 *
 * <pre>java -cp all/target/socketserver-all.jar examples/scripts/Greeting.java</pre>
 *
 * <p>It listens on the port that is its argument, or on 1234.
 */
public class Greeting {
  public static void main(String[] args) throws IOException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 1234;
    try (var server = new ThreadingTCPServer(new InetSocketAddress(port), Handler::new)) {
      server.closeOnExit(Duration.ofSeconds(5));
      System.out.println("listening on port " + server.serverPort());
      server.serveForever();
    }
  }
}

class Handler extends StreamRequestHandler {
  @Override
  public void handle() throws IOException {
    System.out.println("Got connection from " + request.getpeername());
    wfile.write("Thank you for connecting");
  }
}
