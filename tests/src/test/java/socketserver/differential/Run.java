package socketserver.differential;

import com.google.gson.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import socketserver.SocketConstants;
import socketserver.StreamSocket;

/**
 * One scenario running on our server: what its handlers and servers report to. The twin of class
 * Run in scenarios.py.
 */
final class Run implements Closeable, Serializable {
  private static final long serialVersionUID = 1L;

  /** The run whose server is being constructed: its hooks are called before it has a field. */
  private static final ThreadLocal<Run> CONSTRUCTING = new ThreadLocal<>();

  final transient Trace trace = new Trace();
  final transient JsonObject parameters;
  final Sockets sockets;
  private final transient Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

  /** The name of the client that a thread works for, empty for none. */
  private final transient ThreadLocal<String> client = ThreadLocal.withInitial(() -> "");

  /** The way to the parent process, in a child; elsewhere null. */
  private final RunInChild inChild;

  /** Guarded by this; null until there are children. */
  private transient ChildReports reports;

  Run(JsonObject parameters, Sockets sockets) {
    this(parameters, sockets, null);
  }

  Run(JsonObject parameters, Sockets sockets, RunInChild inChild) {
    this.parameters = parameters;
    this.sockets = sockets;
    this.inChild = inChild;
  }

  /** Crosses to a child process with its server. */
  private synchronized Object writeReplace() throws ObjectStreamException {
    try {
      if (reports == null) {
        reports = new ChildReports(this);
      }
      return new RunInChild(reports.port(), parameters.toString(), sockets);
    } catch (IOException e) {
      NotSerializableException failure = new NotSerializableException("no port for reports");
      failure.initCause(e);
      throw failure;
    }
  }

  static Run constructing() {
    return CONSTRUCTING.get();
  }

  /** The address for a server that this thread is about to construct. */
  SocketAddress addressForServer() {
    CONSTRUCTING.set(this);
    return sockets.forServer();
  }

  // What handlers, servers and mains call

  void say(Object... values) {
    hook(Arrays.stream(values).map(Shown::of).collect(Collectors.joining(" ")));
  }

  /** Says what an action returns or throws. */
  void attempt(String what, Speaker.Action action) {
    Object result;
    try {
      result = action.run();
    } catch (Exception e) {
      say(what + ":", PythonNames.of(e));
      return;
    }
    say(what + ":", result);
  }

  /** Waits until the client's script opens a gate. */
  void gate(String name) throws InterruptedException {
    boolean passed = inChild != null ? inChild.pass(name) : passes(name);
    if (!passed) {
      say("gate " + name + " was not opened in time");
    }
  }

  /** Waits until so many bytes can be received. */
  void arrived(StreamSocket request, int size) throws IOException {
    long begin = System.nanoTime();
    while (request.recv(size, SocketConstants.MSG_PEEK).length < size) {
      if (System.nanoTime() - begin > Bound.WAIT.toNanos()) {
        say(size + " bytes did not arrive in time");
        return;
      }
      Thread.onSpinWait();
    }
  }

  // What the traced classes call

  void hook(String name) {
    if (inChild != null) {
      inChild.report(client.get(), name);
    } else {
      trace.add(client.get(), name);
    }
  }

  /** From now on this thread works for a client; null for none. */
  void enter(SocketAddress clientAddress) {
    client.set(clientAddress == null ? "" : sockets.name(clientAddress));
  }

  /** Waits until a gate is open; false if that takes too long. */
  boolean passes(String gate) throws InterruptedException {
    return latch(gate).await(Bound.WAIT.toSeconds(), TimeUnit.SECONDS);
  }

  void open(String gate) {
    latch(gate).countDown();
  }

  private CountDownLatch latch(String gate) {
    return gates.computeIfAbsent(gate, name -> new CountDownLatch(1));
  }

  /** No child reports any more. */
  @Override
  public synchronized void close() throws IOException {
    if (reports != null) {
      reports.close();
    }
  }
}
