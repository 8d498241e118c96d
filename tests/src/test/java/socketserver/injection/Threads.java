package socketserver.injection;

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

/** What gives requests their threads, and the servers that let faults happen in them. */
enum Threads {
  PLAIN,
  THREADING,
  POOL,
  VIRTUAL,
  EVENTLOOP;

  void assumeWorksHere() {
    if (this == VIRTUAL) {
      Strategy.VIRTUAL.assumeWorksHere();
    }
    if (this == EVENTLOOP) {
      Strategy.EVENTLOOP.assumeWorksHere();
    }
  }

  /** Whether several requests run at a time. */
  boolean areMany() {
    return this != PLAIN;
  }

  TCPServer tcp(HandlerFactory<StreamSocket> handler) throws IOException {
    return switch (this) {
      case PLAIN -> new PlainTcp(handler);
      case THREADING -> new ThreadingTcp(handler);
      case POOL -> new PoolTcp(handler);
      case VIRTUAL -> new VirtualTcp(handler);
      case EVENTLOOP -> new OnLoopsTcp(handler);
    };
  }

  UnixStreamServer unix(Path path, HandlerFactory<StreamSocket> handler) throws IOException {
    return switch (this) {
      case PLAIN -> new PlainUnix(path, handler);
      case THREADING -> new ThreadingUnix(path, handler);
      case POOL -> new PoolUnix(path, handler);
      case VIRTUAL -> new VirtualUnix(path, handler);
      case EVENTLOOP -> new OnLoopsUnix(path, handler);
    };
  }

  UDPServer udp(HandlerFactory<DatagramRequest> handler) throws IOException {
    return switch (this) {
      case PLAIN -> new PlainUdp(handler);
      case THREADING -> new ThreadingUdp(handler);
      case POOL -> new PoolUdp(handler);
      case VIRTUAL -> new VirtualUdp(handler);
      case EVENTLOOP -> new OnLoopsUdp(handler);
    };
  }

  private static final class PlainTcp extends TCPServer implements FailingOnce<StreamSocket> {
    PlainTcp(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class ThreadingTcp extends TCPServer
      implements ThreadingMixIn, FailingOnce<StreamSocket> {
    ThreadingTcp(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class PoolTcp extends TCPServer
      implements ThreadPoolMixIn, FailingOnce<StreamSocket> {
    PoolTcp(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class VirtualTcp extends TCPServer
      implements VirtualThreadingMixIn, FailingOnce<StreamSocket> {
    VirtualTcp(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class OnLoopsTcp extends TCPServer
      implements EventLoopMixIn, FailingOnce<StreamSocket> {
    OnLoopsTcp(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class PlainUnix extends UnixStreamServer
      implements FailingOnce<StreamSocket> {
    PlainUnix(Path path, HandlerFactory<StreamSocket> handler) throws IOException {
      super(path, handler);
    }
  }

  private static final class ThreadingUnix extends UnixStreamServer
      implements ThreadingMixIn, FailingOnce<StreamSocket> {
    ThreadingUnix(Path path, HandlerFactory<StreamSocket> handler) throws IOException {
      super(path, handler);
    }
  }

  private static final class PoolUnix extends UnixStreamServer
      implements ThreadPoolMixIn, FailingOnce<StreamSocket> {
    PoolUnix(Path path, HandlerFactory<StreamSocket> handler) throws IOException {
      super(path, handler);
    }
  }

  private static final class VirtualUnix extends UnixStreamServer
      implements VirtualThreadingMixIn, FailingOnce<StreamSocket> {
    VirtualUnix(Path path, HandlerFactory<StreamSocket> handler) throws IOException {
      super(path, handler);
    }
  }

  private static final class OnLoopsUnix extends UnixStreamServer
      implements EventLoopMixIn, FailingOnce<StreamSocket> {
    OnLoopsUnix(Path path, HandlerFactory<StreamSocket> handler) throws IOException {
      super(path, handler);
    }
  }

  private static final class PlainUdp extends UDPServer implements FailingOnce<DatagramRequest> {
    PlainUdp(HandlerFactory<DatagramRequest> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class ThreadingUdp extends UDPServer
      implements ThreadingMixIn, FailingOnce<DatagramRequest> {
    ThreadingUdp(HandlerFactory<DatagramRequest> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class PoolUdp extends UDPServer
      implements ThreadPoolMixIn, FailingOnce<DatagramRequest> {
    PoolUdp(HandlerFactory<DatagramRequest> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class VirtualUdp extends UDPServer
      implements VirtualThreadingMixIn, FailingOnce<DatagramRequest> {
    VirtualUdp(HandlerFactory<DatagramRequest> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class OnLoopsUdp extends UDPServer
      implements EventLoopMixIn, FailingOnce<DatagramRequest> {
    OnLoopsUdp(HandlerFactory<DatagramRequest> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }
}
