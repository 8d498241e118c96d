package socketserver.multiplexing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import socketserver.ConnectionResetException;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.UnixAddress;
import socketserver.WouldBlockException;
import socketserver.fixture.Eventually;
import socketserver.select.Epoll;
import socketserver.select.PollEvent;
import socketserver.select.Select;

/** The library, which does each step with its own epoll. */
final class OurSteps implements AutoCloseable {
  private static final Duration MOMENT = Duration.ofMillis(10);
  private static final Duration WHILE_FULL = Duration.ofMillis(50);
  private static final int ONCE = Epoll.EPOLLET | Epoll.EPOLLONESHOT;

  private final boolean descriptors;
  private final Epoll epoll = new Epoll();
  private final List<StreamSocket> sockets = new ArrayList<>();
  private final Map<Integer, Integer> masks = new TreeMap<>();
  private final List<long[]> counts = new ArrayList<>();

  /** Those that have no room, until the peer reads. */
  private final Set<Integer> full = new TreeSet<>();

  /** What was told last of those that are edge-triggered. */
  private final Map<Integer, Integer> edges = new TreeMap<>();

  /** Connections that the system watches, or that event loops read. */
  OurSteps(boolean descriptors) {
    this.descriptors = descriptors;
  }

  /** Does a step, and waits until this is told after it. */
  void step(String step, String expected) throws IOException {
    String[] words = step.split(" ");
    if (words[0].equals("pair")) {
      pair(words[1].equals("tcp"));
    } else {
      act(words[0], Integer.parseInt(words[1]), words.length > 2 ? words[2] : "0");
    }
    Map<Integer, Integer> once = new TreeMap<>();
    String[] last = new String[1];
    Eventually.holds(
        () -> "python tells " + expected + ", this last told " + last[0],
        () -> {
          last[0] = told(once, expected);
          if (last[0].equals(expected)) {
            return true;
          }
          // what this process keeps may have moved on, so that there is room
          for (int number : full) {
            fill(number);
          }
          return false;
        });
    assertEquals(expected, told(once, expected), "and then");
    once.forEach((number, events) -> edges.put(number, events));
  }

  private String told(Map<Integer, Integer> once, String expected) throws IOException {
    Map<Integer, Integer> all = new TreeMap<>();
    for (PollEvent event : epoll.poll(Duration.ZERO)) {
      int number = sockets.indexOf(event.fileobj());
      if ((masks.get(number) & ONCE) == 0) {
        all.put(number, event.events());
      } else if (!isToldAgain(number, event.events(), expected)) {
        once.merge(number, event.events(), (a, b) -> a | b);
      }
    }
    all.putAll(once);
    return all.entrySet().stream()
        .map(told -> told.getKey() + ":" + Integer.toHexString(told.getValue()))
        .collect(Collectors.joining(" "));
  }

  /** An acknowledgement that comes late has the system tell an edge a second time. */
  private boolean isToldAgain(int number, int events, String expected) {
    boolean oneShot = (masks.get(number) & Epoll.EPOLLONESHOT) != 0;
    return !oneShot
        && edges.getOrDefault(number, 0) == events
        && !(" " + expected).contains(" " + number + ":");
  }

  private void pair(boolean tcp) throws IOException {
    Path folder = tcp ? null : Files.createTempDirectory("steps");
    var family = tcp ? StandardProtocolFamily.INET : StandardProtocolFamily.UNIX;
    try (ListenerSocket listener = new ListenerSocket(family)) {
      listener.bind(tcp ? Ends.loopback(family) : UnixAddress.of(folder.resolve("s")));
      listener.listen(1);
      StreamSocket client = new StreamSocket(family);
      client.connectTo(listener.getsockname());
      add(listener.accept());
      add(client);
    } finally {
      if (folder != null) {
        Files.deleteIfExists(folder.resolve("s"));
        Files.delete(folder);
      }
    }
  }

  private void add(StreamSocket socket) throws IOException {
    if (!descriptors) {
      Ends.awaitInVain(socket);
    }
    socket.setblocking(false);
    sockets.add(socket);
    counts.add(new long[2]);
  }

  private void act(String name, int number, String argument) throws IOException {
    StreamSocket socket = sockets.get(number);
    int count = Integer.parseInt(argument);
    switch (name) {
      case "register" -> {
        edges.remove(number);
        epoll.register(socket, count);
        masks.put(number, count);
      }
      case "modify" -> {
        edges.remove(number);
        epoll.modify(socket, count);
        masks.put(number, count);
      }
      case "unregister" -> epoll.unregister(socket);
      case "write" -> write(number, count);
      case "fill" -> {
        fill(number);
        full.add(number);
      }
      case "read" -> read(number, count);
      case "drain" -> {
        full.remove(number ^ 1);
        read(number, counts.get(number ^ 1)[0] - counts.get(number)[1]);
      }
      case "end" -> assertEquals(0, socket.recv(1).length);
      case "error" -> assertThrows(ConnectionResetException.class, () -> socket.recv(1));
      case "half" -> {
        full.remove(number);
        socket.shutdown(StreamSocket.SHUT_WR);
      }
      case "close" -> {
        full.remove(number ^ 1);
        socket.close();
      }
      case "reset" -> {
        full.remove(number ^ 1);
        socket.setsockopt(
            StreamSocket.SOL_SOCKET,
            StreamSocket.SO_LINGER,
            ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putInt(1).putInt(0).array());
        socket.close();
      }
      default -> throw new IllegalArgumentException(name);
    }
  }

  private void write(int number, int count) throws IOException {
    StreamSocket socket = sockets.get(number);
    for (int left = count; left > 0; ) {
      try {
        left -= socket.send(new byte[left]);
      } catch (WouldBlockException e) {
        Select.select(List.of(), List.of(socket), List.of(), MOMENT);
      }
    }
    counts.get(number)[0] += count;
  }

  private void fill(int number) throws IOException {
    StreamSocket socket = sockets.get(number);
    do {
      while (true) {
        try {
          counts.get(number)[0] += socket.send(new byte[50_000]);
        } catch (WouldBlockException e) {
          break;
        }
      }
    } while (!Select.select(List.of(), List.of(socket), List.of(), WHILE_FULL).wlist().isEmpty());
  }

  private void read(int number, long count) throws IOException {
    StreamSocket socket = sockets.get(number);
    for (long left = count; left > 0; ) {
      try {
        int received = socket.recv((int) Math.min(left, 100_000)).length;
        if (received == 0) {
          throw new IOException(left + " bytes are missing at the end of " + number);
        }
        left -= received;
      } catch (WouldBlockException e) {
        Select.select(List.of(socket), List.of(), List.of(), MOMENT);
      }
    }
    counts.get(number)[1] += count;
  }

  @Override
  public void close() {
    epoll.close();
    sockets.forEach(StreamSocket::close);
  }
}
