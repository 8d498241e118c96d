package socketserver.hooks;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import socketserver.Errno;
import socketserver.StreamRequestHandler;
import socketserver.TCPServer;
import socketserver.fixture.Child;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
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
    var told = new BufferedReader(new InputStreamReader(System.in));
    try (var running = RunningServer.start(new TCPServer(RunningServer.anyPort(), Greeter::new))) {
      Eventually.waitsIn(running.thread(), "awaitRequest");
      Child.tell(running.server().serverPort());
      told.readLine();
      List<FileInputStream> files = fill();
      Child.tell("full");
      Eventually.waitsIn(running.thread(), "backOff");
      for (FileInputStream file : files) {
        file.close();
      }
      Child.tell("freed");
      told.readLine();
    }
  }

  private static List<FileInputStream> fill() {
    List<FileInputStream> files = new ArrayList<>();
    try {
      while (true) {
        files.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException e) {
      return files;
    }
  }
}
