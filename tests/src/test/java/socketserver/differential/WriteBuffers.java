package socketserver.differential;

import static socketserver.differential.Scenario.tcp;
import static socketserver.differential.StreamHandling.stream;

import java.util.List;

/** wbufsize: what is sent when. */
final class WriteBuffers {
  private WriteBuffers() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("with a buffer nothing is sent until it is flushed")
            .python(
                """
                class Handler(StreamRequestHandler):
                    wbufsize = -1
                    def handle(self):
                        self.wfile.write(b'held ')
                        self.wfile.write(b'back')
                        say("written")
                        gate("looked")
                        self.wfile.flush()
                        self.rfile.readline()
                """)
            .java(
                stream(
                        h -> {
                          h.wfile.write("held ");
                          h.wfile.write("back");
                          h.say("written");
                          h.gate("looked");
                          h.wfile.flush();
                          h.rfile.readline();
                        })
                    .wbufsize(-1))
            .client(
                c -> {
                  StreamPeer peer = c.connect();
                  c.await("written");
                  peer.readNothing();
                  c.open("looked");
                  peer.read(9).send("\n").readToEnd();
                }),
        tcp("finish sends what is still in the buffer")
            .python(
                """
                class Handler(StreamRequestHandler):
                    wbufsize = -1
                    def handle(self):
                        self.wfile.write(b'one ')
                        self.wfile.write(b'two')
                """)
            .java(
                stream(
                        h -> {
                          h.wfile.write("one ");
                          h.wfile.write("two");
                        })
                    .wbufsize(-1))
            .client(c -> c.connect().readToEnd()),
        tcp("finish sends what is in the buffer also when handle has failed")
            .python(
                """
                class Handler(StreamRequestHandler):
                    wbufsize = -1
                    def handle(self):
                        self.wfile.write(b'half an answer')
                        raise ValueError('no more')
                """)
            .java(
                stream(
                        h -> {
                          h.wfile.write("half an answer");
                          throw new IllegalArgumentException("no more");
                        })
                    .wbufsize(-1))
            .client(c -> c.connect().readToEnd()),
        tcp("a buffer of eight bytes is sent when the next write does not fit into it")
            .python(
                """
                class Handler(StreamRequestHandler):
                    wbufsize = 8
                    def handle(self):
                        self.wfile.write(b'12345')
                        self.wfile.write(b'6789')
                        say("overflown")
                        gate("looked")
                """)
            .java(
                stream(
                        h -> {
                          h.wfile.write("12345");
                          h.wfile.write("6789");
                          h.say("overflown");
                          h.gate("looked");
                        })
                    .wbufsize(8))
            .client(
                c -> {
                  StreamPeer peer = c.connect();
                  c.await("overflown");
                  peer.read(5).readNothing();
                  c.open("looked");
                  peer.readToEnd();
                }),
        tcp("a buffer that is exactly full is not sent yet")
            .python(
                """
                class Handler(StreamRequestHandler):
                    wbufsize = 8
                    def handle(self):
                        self.wfile.write(b'12345')
                        self.wfile.write(b'678')
                        say("full")
                        gate("looked")
                """)
            .java(
                stream(
                        h -> {
                          h.wfile.write("12345");
                          h.wfile.write("678");
                          h.say("full");
                          h.gate("looked");
                        })
                    .wbufsize(8))
            .client(
                c -> {
                  StreamPeer peer = c.connect();
                  c.await("full");
                  peer.readNothing();
                  c.open("looked");
                  peer.readToEnd();
                }),
        tcp("a write larger than the buffer goes out at once, behind what the buffer held")
            .python(
                """
                class Handler(StreamRequestHandler):
                    wbufsize = 8
                    def handle(self):
                        self.wfile.write(b'123')
                        self.wfile.write(b'a longer answer')
                        self.rfile.readline()
                        self.wfile.write(b'end')
                """)
            .java(
                stream(
                        h -> {
                          h.wfile.write("123");
                          h.wfile.write("a longer answer");
                          h.rfile.readline();
                          h.wfile.write("end");
                        })
                    .wbufsize(8))
            .client(c -> c.connect().read(18).send("\n").readToEnd()));
  }
}
