package socketserver.stopping;

import java.io.IOException;
import java.nio.file.Path;
import socketserver.DatagramRequest;
import socketserver.EventLoopMixIn;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadPoolMixIn;
import socketserver.ThreadingMixIn;
import socketserver.UDPServer;
import socketserver.UnixStreamServer;
import socketserver.VirtualThreadingMixIn;
import socketserver.fixture.RunningServer;
import socketserver.fixture.Strategy;

/** Servers with each of the mix-ins whose requests stay in this process, and without one. */
public enum Mixed {
  NONE,
  THREADING,
  POOL,
  VIRTUAL,
  EVENT_LOOP;

  /** Skips the test where this Java has none of these threads. */
  public void assumeWorksHere() {
    if (this == VIRTUAL || this == EVENT_LOOP) {
      Strategy.VIRTUAL.assumeWorksHere();
    }
  }

  public boolean isSync() {
    return this == NONE;
  }

  /** A server on any free port. */
  public TCPServer tcp(HandlerFactory<StreamSocket> handler) throws IOException {
    assumeWorksHere();
    class Threading extends TCPServer implements ThreadingMixIn {
      Threading() throws IOException {
        super(RunningServer.anyPort(), handler);
      }
    }
    class Pool extends TCPServer implements ThreadPoolMixIn {
      Pool() throws IOException {
        super(RunningServer.anyPort(), handler);
      }
    }
    class Virtual extends TCPServer implements VirtualThreadingMixIn {
      Virtual() throws IOException {
        super(RunningServer.anyPort(), handler);
      }
    }
    class OnLoops extends TCPServer implements EventLoopMixIn {
      OnLoops() throws IOException {
        super(RunningServer.anyPort(), handler);
      }
    }
    return switch (this) {
      case NONE -> new TCPServer(RunningServer.anyPort(), handler);
      case THREADING -> new Threading();
      case POOL -> new Pool();
      case VIRTUAL -> new Virtual();
      case EVENT_LOOP -> new OnLoops();
    };
  }

  /** A server on a path. */
  public UnixStreamServer unix(Path path, HandlerFactory<StreamSocket> handler) throws IOException {
    assumeWorksHere();
    class Threading extends UnixStreamServer implements ThreadingMixIn {
      Threading() throws IOException {
        super(path, handler);
      }
    }
    class Pool extends UnixStreamServer implements ThreadPoolMixIn {
      Pool() throws IOException {
        super(path, handler);
      }
    }
    class Virtual extends UnixStreamServer implements VirtualThreadingMixIn {
      Virtual() throws IOException {
        super(path, handler);
      }
    }
    class OnLoops extends UnixStreamServer implements EventLoopMixIn {
      OnLoops() throws IOException {
        super(path, handler);
      }
    }
    return switch (this) {
      case NONE -> new UnixStreamServer(path, handler);
      case THREADING -> new Threading();
      case POOL -> new Pool();
      case VIRTUAL -> new Virtual();
      case EVENT_LOOP -> new OnLoops();
    };
  }

  /** A datagram server on any free port. */
  public UDPServer udp(HandlerFactory<DatagramRequest> handler) throws IOException {
    assumeWorksHere();
    class Threading extends UDPServer implements ThreadingMixIn {
      Threading() throws IOException {
        super(RunningServer.anyPort(), handler);
      }
    }
    class Pool extends UDPServer implements ThreadPoolMixIn {
      Pool() throws IOException {
        super(RunningServer.anyPort(), handler);
      }
    }
    class Virtual extends UDPServer implements VirtualThreadingMixIn {
      Virtual() throws IOException {
        super(RunningServer.anyPort(), handler);
      }
    }
    class OnLoops extends UDPServer implements EventLoopMixIn {
      OnLoops() throws IOException {
        super(RunningServer.anyPort(), handler);
      }
    }
    return switch (this) {
      case NONE -> new UDPServer(RunningServer.anyPort(), handler);
      case THREADING -> new Threading();
      case POOL -> new Pool();
      case VIRTUAL -> new Virtual();
      case EVENT_LOOP -> new OnLoops();
    };
  }
}
