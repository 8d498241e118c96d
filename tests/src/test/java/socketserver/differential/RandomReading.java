package socketserver.differential;

import static socketserver.SocketConstants.MSG_DONTWAIT;
import static socketserver.SocketConstants.MSG_PEEK;

import java.io.IOException;
import java.util.Arrays;
import socketserver.WouldBlockException;

/**
 * The handler of the random cases. It asks the client for more before a call that would wait, and
 * waits until that has come, so that each call's result depends on the bytes alone.
 */
final class RandomReading {
  /** The same in Python. */
  static final String PYTHON =
      """
      class Handler(StreamRequestHandler):
          rbufsize = parameters["rbufsize"]
          wbufsize = parameters["wbufsize"]

          def handle(self):
              self.stream = b""
              self.taken = 0
              self.asked = 0
              self.ended = False
              self.mixed = False
              for call, size in parameters["calls"]:
                  self.call(call, size)
              while not self.ended:
                  self.more()
              self.told("rest", -1, self.rfile.read())

          def call(self, call, size):
              if call == "more":
                  if not self.ended:
                      self.more()
              elif call == "read":
                  self.need(size)
                  self.told(call, size, self.rfile.read(size))
              elif call == "readline":
                  self.need_line(size)
                  self.told(call, size, self.rfile.readline(size))
              elif call == "read1":
                  self.need(1)
                  self.told(call, size, self.rfile.read1(size))
              elif call == "peek":
                  self.need(1)
                  say(call, size, self.rfile.peek(size))
              elif call == "readinto":
                  self.need(size)
                  target = bytearray(size)
                  count = self.rfile.readinto(target)
                  self.told(call, size, bytes(target[:count]))
              elif call == "recv":
                  if self.ended or self.there():
                      self.mixed = True
                      self.told(call, size, self.request.recv(size))
                  else:
                      say("nothing to receive")

          def told(self, call, size, result):
              self.taken += len(result)
              say(call, size, result)
              self.wfile.write(result)

          def need(self, size):
              while not self.ended and len(self.stream) - self.taken < size:
                  self.more()

          def need_line(self, limit):
              while not self.ended and not self.has_line(limit):
                  self.more()

          def has_line(self, limit):
              if self.mixed:
                  return False
              rest = self.stream[self.taken:]
              return b"\\n" in rest or 0 <= limit <= len(rest)

          def there(self):
              try:
                  return len(self.request.recv(1 << 20, socket.MSG_PEEK | socket.MSG_DONTWAIT))
              except BlockingIOError:
                  return 0

          def more(self):
              there = self.there()
              say("more")
              if self.asked < len(parameters["chunks"]):
                  chunk = parameters["chunks"][self.asked].encode("latin-1")
                  self.asked += 1
                  self.stream += chunk
                  arrived(self.request, there + len(chunk))
              else:
                  self.ended = True
      """;

  private final StreamHandling h;
  private final RandomCase random;
  private byte[] stream = new byte[0];
  private int taken;
  private int asked;
  private boolean ended;

  /**
   * The socket has taken bytes that rfile may have had a turn for: where lines end is not known.
   */
  private boolean mixed;

  private RandomReading(StreamHandling h, RandomCase random) {
    this.h = h;
    this.random = random;
  }

  static Scenario<?, ?> scenario(String name, RandomCase random) {
    var scenario =
        Scenario.tcp(name)
            .python(PYTHON)
            .java(
                StreamHandling.stream(h -> new RandomReading(h, random).handle())
                    .rbufsize(random.readBuffer())
                    .wbufsize(random.writeBuffer()))
            .client(
                c -> {
                  StreamPeer peer = c.connect();
                  int asked = 0;
                  for (String chunk : random.chunks()) {
                    c.await("more", ++asked);
                    peer.send(chunk);
                  }
                  c.await("more", ++asked);
                  peer.shutdownWrite().readToEnd();
                });
    random.addTo(scenario.parameters);
    return scenario;
  }

  private void handle() throws IOException {
    for (RandomCase.Call call : random.calls()) {
      call(call.name(), call.size());
    }
    while (!ended) {
      more();
    }
    told("rest", -1, h.rfile.readAllBytes());
  }

  private void call(String call, int size) throws IOException {
    switch (call) {
      case "more" -> {
        if (!ended) {
          more();
        }
      }
      case "read" -> {
        need(size);
        told(call, size, h.rfile.read(size));
      }
      case "readline" -> {
        needLine(size);
        told(call, size, h.rfile.readline(size));
      }
      case "read1" -> {
        need(1);
        told(call, size, h.rfile.read1(size));
      }
      case "peek" -> {
        need(1);
        h.say(call, size, h.rfile.peek(size));
      }
      case "readinto" -> {
        need(size);
        byte[] target = new byte[size];
        int count = h.rfile.readNBytes(target, 0, size);
        told(call, size, Arrays.copyOf(target, count));
      }
      case "recv" -> {
        if (ended || there() > 0) {
          mixed = true;
          told(call, size, h.request.recv(size));
        } else {
          h.say("nothing to receive");
        }
      }
      default -> throw new AssertionError(call);
    }
  }

  private void told(String call, int size, byte[] result) throws IOException {
    taken += result.length;
    h.say(call, size, result);
    h.wfile.write(result);
  }

  private void need(int size) throws IOException {
    while (!ended && stream.length - taken < size) {
      more();
    }
  }

  private void needLine(int limit) throws IOException {
    while (!ended && !hasLine(limit)) {
      more();
    }
  }

  private boolean hasLine(int limit) {
    if (mixed) {
      return false;
    }
    for (int i = taken; i < stream.length; i++) {
      if (stream[i] == '\n') {
        return true;
      }
    }
    return 0 <= limit && limit <= stream.length - taken;
  }

  private int there() throws IOException {
    try {
      return h.request.recv(1 << 20, MSG_PEEK | MSG_DONTWAIT).length;
    } catch (WouldBlockException e) {
      return 0;
    }
  }

  private void more() throws IOException {
    int there = there();
    h.say("more");
    if (asked < random.chunks().size()) {
      byte[] chunk = Shown.latin1(random.chunks().get(asked++));
      int before = stream.length;
      stream = Arrays.copyOf(stream, before + chunk.length);
      System.arraycopy(chunk, 0, stream, before, chunk.length);
      h.arrived(h.request, there + chunk.length);
    } else {
      ended = true;
    }
  }
}
