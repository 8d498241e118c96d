package socketserver;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import socketserver.spi.ChildSettings;
import socketserver.spi.Children;
import socketserver.spi.ForkedRequest;
import socketserver.spi.StackSpace;

/** What {@link ForkingMixIn} keeps for a server: its attributes, its children, their requests. */
final class ForkedRequests implements MixInState.Part {
  final Attribute<Integer> maxChildren;
  final Attribute<Boolean> blockOnClose;
  final Attribute<Integer> spareChildren;
  final Attribute<Integer> maxStarting;
  final Attribute<Integer> maxRequestsPerChild;
  final Attribute<List<String>> childJvmOptions;
  final Attribute<Duration> childTimeout;

  private final BaseServer<?> server;
  private final ServerCopies copies;

  /** Guards requests, children and closed; signalled when a request has ended or the loop must. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();

  /** Guarded by lock: what was handed over and not collected. */
  private final List<InChild> requests = new ArrayList<>();

  /** Guarded by lock: null until something is to be handed over. */
  private Children children;

  /** Guarded by lock. */
  private boolean closed;

  ForkedRequests(BaseServer<?> server) {
    this.server = server;
    this.copies = new ServerCopies(server);
    maxChildren = attribute("maxChildren", 40);
    blockOnClose = attribute("blockOnClose", true);
    spareChildren = attribute("spareChildren", 2);
    maxStarting = attribute("maxStarting", Math.max(2, Runtime.getRuntime().availableProcessors()));
    maxRequestsPerChild = attribute("maxRequestsPerChild", 1);
    childJvmOptions = attribute("childJvmOptions", null);
    childTimeout = attribute("childTimeout", null);
  }

  /** What is kept for the server that a mix-in belongs to. */
  static ForkedRequests of(RequestDispatch mixIn) {
    return BaseServer.of(mixIn).mixInState().part(ForkedRequests.class, ForkedRequests::new);
  }

  private <T> Attribute<T> attribute(String name, T value) {
    return new Attribute<>(server, ForkingMixIn.class, name, value);
  }

  /** Refuses, in the server's constructor, what could not work later. */
  void check() {
    Forks.provider().check();
    Crossing.of(server);
    copies.checkFactory(server.givenHandler());
  }

  /** Refuses a factory that cannot cross. */
  @Override
  public void checkFactory(HandlerFactory<?> factory) {
    if (server.handsOverRequests()) {
      copies.checkFactory(factory);
    }
  }

  /** Starts to keep spare children, unless the server was closed just now. */
  void begin() {
    lock.lock();
    try {
      if (!closed) {
        children().begin();
      }
    } finally {
      lock.unlock();
    }
  }

  private Children children() {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the server is closed: " + server.serverAddress());
      }
      if (children == null) {
        children = Forks.provider().open(new Settings());
      }
      return children;
    } finally {
      lock.unlock();
    }
  }

  /** Hands a request to a child, and lets go of it here. */
  void fork(RequestTask task, int most) throws IOException {
    awaitRoom(most, false);
    task.handOver(this);
  }

  void fork(HandedOver request, SocketAddress client) throws IOException {
    byte[] letter = request.envelope().toBytes();
    Children open = children();
    ForkedRequest forked = open.fork(copies.task(), letter, request.fd(), client, this::wakeup);
    lock.lock();
    try {
      requests.add(new InChild(open, forked, client, Instant.now()));
    } finally {
      lock.unlock();
    }
  }

  Set<Long> activeChildren() {
    lock.lock();
    try {
      Set<Long> pids = new HashSet<>();
      for (InChild request : requests) {
        request.pid().ifPresent(pids::add);
      }
      return pids;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<RunningRequest> requests() {
    StackSpace.reserve();
    lock.lock();
    try {
      List<RunningRequest> running = new ArrayList<>(requests);
      running.removeIf(request -> ((InChild) request).hasEnded());
      return running;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what has ended; waits for one to end while there are too many, or for all. */
  void collect(int most, boolean blocking) {
    awaitRoom(blocking ? 1 : most, blocking);
  }

  /** Waits until fewer than so many requests run; when the server has to end, only if told to. */
  private void awaitRoom(int most, boolean untilTheEnd) {
    if (most < 1) {
      throw new IllegalStateException("max children must be at least 1: " + most);
    }
    lock.lock();
    try {
      requests.removeIf(InChild::hasEnded);
      while (requests.size() >= most && (untilTheEnd || !server.loop().isToEnd())) {
        changed.await();
        requests.removeIf(InChild::hasEnded);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.turn().waitInterrupted();
    } finally {
      lock.unlock();
    }
  }

  /** A request has ended, or the server is to end. */
  @Override
  public void wakeup() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    server.stopping().running().wake();
  }

  void close() {
    Children open;
    lock.lock();
    try {
      closed = true;
      open = children;
    } finally {
      lock.unlock();
    }
    if (open != null) {
      open.close();
    }
  }

  /** The server has another socket: it may have children again. */
  @Override
  public void reopen() {
    lock.lock();
    try {
      if (closed) {
        closed = false;
        children = null;
      }
    } finally {
      lock.unlock();
    }
  }

  /** What the attributes say, also where they are overridden. */
  private final class Settings implements ChildSettings {
    private ForkingMixIn mixIn() {
      return (ForkingMixIn) server;
    }

    @Override
    public Class<?> serverClass() {
      return server.getClass();
    }

    @Override
    public int spareChildren() {
      return mixIn().spareChildren();
    }

    @Override
    public int maxStarting() {
      // what a subclass returns; with none nobody would ever be served
      return Math.max(1, mixIn().maxStarting());
    }

    @Override
    public int maxRequestsPerChild() {
      return mixIn().maxRequestsPerChild();
    }

    @Override
    public List<String> childJvmOptions() {
      return mixIn().childJvmOptions();
    }

    @Override
    public Duration childTimeout() {
      return mixIn().childTimeout();
    }

    @Override
    public byte[] rehearsal() throws IOException {
      return copies.task();
    }

    @Override
    public ProtocolFamily family() {
      return ((SocketServer<?, ?>) server).addressFamily();
    }

    @Override
    public SocketType kind() {
      return ((SocketServer<?, ?>) server).socketType();
    }
  }
}
