package socketserver.hooks;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import socketserver.Errno;
import socketserver.StreamRequestHandler;
import socketserver.TCPServer;
import socketserver.fixture.Child;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.spi.Printable;
import socketserver.spi.SystemErrors;

/** A program that opens files until there are no descriptors, and serves. */
final class OutOfDescriptors {
  private OutOfDescriptors() {}

  private static final class Greeter extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write("hello\n");
    }
  }

  public static void main(String[] arguments) throws Exception {
    // what is loaded later needs a descriptor
    SystemErrors.of(Errno.EMFILE, Errno.strerror(Errno.EMFILE)).toString();
    Printable.of("none");
    var told = new BufferedReader(new InputStreamReader(System.in));
    try (var running = RunningServer.start(new TCPServer(RunningServer.anyPort(), Greeter::new))) {
      Eventually.waitsIn(running.thread(), "awaitRequest");
      Child.tell(running.server().serverPort());
      told.readLine();
      List<FileInputStream> files = new ArrayList<>();
      fill(files);
      Child.tell("full");
      Eventually.holds(
          "the server backs off",
          () -> {
            // whatever has given one up, as who loads classes does
            fill(files);
            return Stream.of(running.thread().getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("backOff"));
          });
      for (FileInputStream file : files) {
        file.close();
      }
      Child.tell("freed");
      told.readLine();
    }
  }

  private static void fill(List<FileInputStream> files) {
    try {
      while (true) {
        files.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException e) {
      // full
    }
  }
}
