package socketserver.differential;

import static socketserver.differential.Scenario.tcp;
import static socketserver.differential.StreamHandling.stream;

import java.util.Arrays;
import java.util.List;

/** rfile: what has come, taken or only looked at. */
final class Peeking {
  private Peeking() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("read1 gives what has come, no more than asked for, and waits only for the first byte")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        arrived(self.request, 6)
                        say(self.rfile.read1(4))
                        say(self.rfile.read1(4))
                        self.wfile.write(b'more')
                        say(self.rfile.read1(4))
                        say(self.rfile.read1(4))
                """)
            .java(
                stream(
                    h -> {
                      h.arrived(h.request, 6);
                      h.say(h.rfile.read1(4));
                      h.say(h.rfile.read1(4));
                      h.wfile.write("more");
                      h.say(h.rfile.read1(4));
                      h.say(h.rfile.read1(4));
                    }))
            .client(c -> c.connect().send("abcdef").read(4).send("gh").shutdownWrite().readToEnd()),
        tcp("read1 after a readline gives the rest of what was read ahead, however much is asked"
                + " for")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        arrived(self.request, 9)
                        say(self.rfile.readline())
                        say("line is read")
                        gate("more is sent")
                        arrived(self.request, 4)
                        say(self.rfile.read1(100))
                        say(self.rfile.read1(100))
                """)
            .java(
                stream(
                    h -> {
                      h.arrived(h.request, 9);
                      h.say(h.rfile.readline());
                      h.say("line is read");
                      h.gate("more is sent");
                      h.arrived(h.request, 4);
                      h.say(h.rfile.read1(100));
                      h.say(h.rfile.read1(100));
                    }))
            .client(
                c -> {
                  StreamPeer peer = c.connect().send("line\nrest");
                  c.await("line is read");
                  peer.send("more");
                  c.open("more is sent");
                  peer.readToEnd();
                }),
        tcp("peek shows what comes next as often as one likes, and takes nothing")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        arrived(self.request, 6)
                        say(self.rfile.peek(1))
                        say(self.rfile.peek(100))
                        say(self.rfile.read(2))
                        say(self.rfile.peek(0))
                        say(self.rfile.read(4))
                """)
            .java(
                stream(
                    h -> {
                      h.arrived(h.request, 6);
                      h.say(h.rfile.peek(1));
                      h.say(h.rfile.peek(100));
                      h.say(h.rfile.read(2));
                      h.say(h.rfile.peek(0));
                      h.say(h.rfile.read(4));
                    }))
            .client(c -> c.connect().send("abcdef").readToEnd()),
        tcp("peek waits for a byte when the buffer is empty, and is empty at the end")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'ready')
                        say(self.rfile.peek(1)[:1])
                        say(self.rfile.read(1))
                        say(self.rfile.peek(1))
                        say(self.rfile.peek(1))
                        say(self.rfile.read(1))
                """)
            .java(
                stream(
                    h -> {
                      h.wfile.write("ready");
                      h.say(Arrays.copyOf(h.rfile.peek(1), 1));
                      h.say(h.rfile.read(1));
                      h.say(h.rfile.peek(1));
                      h.say(h.rfile.peek(1));
                      h.say(h.rfile.read(1));
                    }))
            .client(c -> c.connect().read(5).send("x").shutdownWrite().readToEnd()),
        tcp("readinto1 gives what one read finds")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        target = bytearray(6)
                        arrived(self.request, 4)
                        say(self.rfile.readinto1(target), target)
                        self.wfile.write(b'more')
                        arrived(self.request, 2)
                        say(self.rfile.readinto1(target), target)
                """)
            .java(
                stream(
                    h -> {
                      byte[] target = new byte[6];
                      h.arrived(h.request, 4);
                      h.say(h.rfile.read(target, 0, 6), target);
                      h.wfile.write("more");
                      h.arrived(h.request, 2);
                      h.say(h.rfile.read(target, 0, 6), target);
                    }))
            .client(c -> c.connect().send("abcd").read(4).send("ef").readToEnd()));
  }
}
