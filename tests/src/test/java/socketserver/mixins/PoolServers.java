package socketserver.mixins;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import socketserver.BaseRequestHandler;
import socketserver.BaseServer;
import socketserver.DatagramRequest;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadPoolMixIn;
import socketserver.UDPServer;
import socketserver.fixture.Bounds;
import socketserver.fixture.Calls;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;

/**
 * A server with a pool whose handlers wait until the test lets them go, and its clients. Closing it
 * lets all handlers go.
 */
final class PoolServers implements AutoCloseable {
  /** What the server takes. */
  enum Kind {
    STREAM,
    DATAGRAM
  }

  /** What the hooks did: "handled", "shut down", "error: ...". */
  final Calls calls = new Calls();

  private final BlockingQueue<Thread> begun = new LinkedBlockingQueue<>();
  private final Semaphore mayEnd = new Semaphore(0);
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final Kind kind;
  private final RunningServer<?> server;
  private final Deque<TcpClient> streams = new ArrayDeque<>();
  private final List<UdpClient> datagrams = new ArrayList<>();

  /** What a handler does when it may end. */
  volatile Consumer<BaseServer<?>> last = handledBy -> {};

  /** Starts a server that was set as the test likes. */
  PoolServers(Kind kind, Consumer<ThreadPoolMixIn> setting) throws IOException {
    this.kind = kind;
    BaseServer<?> made = kind == Kind.STREAM ? new Streams() : new Datagrams();
    setting.accept((ThreadPoolMixIn) made);
    this.server = RunningServer.start(made);
  }

  private final class Handler extends BaseRequestHandler<Object> {
    @Override
    public void handle() throws InterruptedException {
      most.accumulateAndGet(running.incrementAndGet(), Math::max);
      begun.add(Thread.currentThread());
      try {
        if (!mayEnd.tryAcquire(Bounds.WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new AssertionError("the test does not let the handler go");
        }
        last.accept(server);
        calls.add("handled");
      } finally {
        running.decrementAndGet();
      }
    }
  }

  private HandlerFactory<StreamSocket> streams() {
    return Handler::new;
  }

  private HandlerFactory<DatagramRequest> datagrams() {
    return Handler::new;
  }

  private final class Streams extends TCPServer implements ThreadPoolMixIn {
    Streams() throws IOException {
      super(RunningServer.anyPort(), streams());
    }

    /** All may come while no worker is free. */
    @Override
    public int requestQueueSize() {
      return 64;
    }

    @Override
    public void shutdownRequest(StreamSocket request) {
      super.shutdownRequest(request);
      calls.add("shut down");
    }

    @Override
    public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
      calls.add("error: " + error.getClass().getSimpleName());
    }
  }

  private final class Datagrams extends UDPServer implements ThreadPoolMixIn {
    Datagrams() throws IOException {
      super(RunningServer.anyPort(), datagrams());
    }

    @Override
    public void shutdownRequest(DatagramRequest request) {
      super.shutdownRequest(request);
      calls.add("shut down");
    }

    @Override
    public void handleError(DatagramRequest request, SocketAddress client, Throwable error) {
      calls.add("error: " + error.getClass().getSimpleName());
    }
  }

  BaseServer<?> server() {
    return server.server();
  }

  ThreadPoolMixIn pool() {
    return (ThreadPoolMixIn) server();
  }

  Thread servingThread() {
    return server.thread();
  }

  /** Sends the server a request, from a client of its own. */
  void request() throws IOException {
    if (kind == Kind.STREAM) {
      streams.add(TcpClient.to(server));
    } else {
      UdpClient client = UdpClient.to(server);
      datagrams.add(client);
      client.send("x");
    }
  }

  /** Sends a request, and waits until its handler has begun; returns its thread. */
  Thread requestThatRuns() throws IOException {
    request();
    return nextThread();
  }

  /** The thread of the next handler that begins. */
  Thread nextThread() {
    try {
      Thread thread = begun.poll(Bounds.WAIT.toMillis(), TimeUnit.MILLISECONDS);
      if (thread == null) {
        throw new AssertionError("no handler has begun; the calls are " + calls.all());
      }
      return thread;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting for a handler to begin", e);
    }
  }

  /** How many handlers have begun that nobody has asked about. */
  int othersBegun() {
    return begun.size();
  }

  /** Lets so many handlers end. */
  void letGo(int handlers) {
    mayEnd.release(handlers);
  }

  /** The greatest number of handlers that ran at the same time. */
  int most() {
    return most.get();
  }

  /** Waits until the serving thread waits for room. */
  void awaitFull() {
    Eventually.waitsIn(server.thread(), "awaitRoom");
  }

  /** The last client's view of a connection: all that comes until the server ends it. */
  String lastClientReads() throws IOException {
    return streams.getLast().rest();
  }

  @Override
  public void close() throws IOException {
    mayEnd.release(1_000_000);
    server.close();
    for (TcpClient client : streams) {
      client.close();
    }
    datagrams.forEach(UdpClient::close);
  }
}
