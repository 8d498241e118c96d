package socketserver.differential;

import com.google.gson.JsonObject;
import java.io.IOException;
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
final class Run {
  /** The run whose server is being constructed: its hooks are called before it has a field. */
  private static final ThreadLocal<Run> CONSTRUCTING = new ThreadLocal<>();

  final Trace trace = new Trace();
  final JsonObject parameters;
  final Sockets sockets;
  private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

  /** The name of the client that a thread works for, empty for none. */
  private final ThreadLocal<String> client = ThreadLocal.withInitial(() -> "");

  Run(JsonObject parameters, Sockets sockets) {
    this.parameters = parameters;
    this.sockets = sockets;
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
    if (!latch(name).await(Bound.WAIT.toSeconds(), TimeUnit.SECONDS)) {
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
    trace.add(client.get(), name);
  }

  /** From now on this thread works for a client; null for none. */
  void enter(SocketAddress clientAddress) {
    client.set(clientAddress == null ? "" : sockets.name(clientAddress));
  }

  void open(String gate) {
    latch(gate).countDown();
  }

  private CountDownLatch latch(String gate) {
    return gates.computeIfAbsent(gate, name -> new CountDownLatch(1));
  }
}
