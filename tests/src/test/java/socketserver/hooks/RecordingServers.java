package socketserver.hooks;

import java.io.IOException;
import socketserver.DatagramRequest;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.UDPServer;
import socketserver.fixture.Calls;
import socketserver.fixture.RunningServer;

/** A test's servers, whose hooks and handlers note that they are called. */
abstract class RecordingServers {
  final Calls calls = new Calls();

  class Streams extends TCPServer implements Recorded<StreamSocket> {
    Streams() throws IOException {
      this("nothing");
    }

    /** Its handlers fail in one of their methods. */
    Streams(String failing) throws IOException {
      super(RunningServer.anyPort(), RecordedHandler.failingIn(failing, calls));
    }

    @Override
    public Calls calls() {
      return calls;
    }
  }

  class Datagrams extends UDPServer implements Recorded<DatagramRequest> {
    Datagrams() throws IOException {
      super(RunningServer.anyPort(), RecordedHandler.noting(calls));
    }

    @Override
    public Calls calls() {
      return calls;
    }
  }
}
