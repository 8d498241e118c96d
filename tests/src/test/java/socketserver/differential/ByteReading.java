package socketserver.differential;

import static socketserver.differential.Scenario.tcp;
import static socketserver.differential.StreamHandling.stream;

import java.util.List;

/** rfile by numbers of bytes. */
final class ByteReading {
  private ByteReading() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("read(n) waits until n bytes have come, in however many pieces")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        arrived(self.request, 3)
                        say("three are here")
                        say(self.rfile.read(8))
                        say(self.rfile.read(2))
                """)
            .java(
                stream(
                    h -> {
                      h.arrived(h.request, 3);
                      h.say("three are here");
                      h.say(h.rfile.read(8));
                      h.say(h.rfile.read(2));
                    }))
            .client(
                c -> {
                  StreamPeer peer = c.connect().send("abc");
                  c.await("three are here");
                  peer.send("d").send("efghij").readToEnd();
                }),
        tcp("read(n) gives less only at the end of the stream, and then nothing, again and again")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        say(self.rfile.read(10))
                        say(self.rfile.read(10))
                        say(self.rfile.read(1))
                        say(self.rfile.readline())
                        say(self.rfile.read())
                """)
            .java(
                stream(
                    h -> {
                      h.say(h.rfile.read(10));
                      h.say(h.rfile.read(10));
                      h.say(h.rfile.read(1));
                      h.say(h.rfile.readline());
                      h.say(h.rfile.readAllBytes());
                    }))
            .client(c -> c.connect().send("abcd").shutdownWrite().readToEnd()),
        tcp("read() and read(-1) go to the end of the stream")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        say(self.rfile.read(2))
                        say(self.rfile.read())
                        say(self.rfile.read(-1))
                """)
            .java(
                stream(
                    h -> {
                      h.say(h.rfile.read(2));
                      h.say(h.rfile.readAllBytes());
                      h.say(h.rfile.read(-1));
                    }))
            .client(c -> c.connect().send("ab").send("cd\nef").shutdownWrite().readToEnd()),
        tcp("read(0) is nothing without waiting, and read(-2) is refused")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        attempt("read(0)", lambda: self.rfile.read(0))
                        attempt("read(-2)", lambda: self.rfile.read(-2))
                        attempt("read1(0)", lambda: self.rfile.read1(0))
                        self.wfile.write(b'done')
                """)
            .java(
                stream(
                    h -> {
                      h.attempt("read(0)", () -> h.rfile.read(0));
                      h.attempt("read(-2)", () -> h.rfile.read(-2));
                      h.attempt("read1(0)", () -> h.rfile.read1(0));
                      h.wfile.write("done");
                    }))
            .client(c -> c.connect().read(4).shutdownWrite().readToEnd()),
        tcp("readinto fills the whole array, fewer at the end of the stream, 0 behind it")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        target = bytearray(6)
                        say(self.rfile.readinto(target), target)
                        say(self.rfile.readinto(target), target)
                        say(self.rfile.readinto(target), target)
                """)
            .java(
                stream(
                    h -> {
                      byte[] target = new byte[6];
                      h.say(h.rfile.readNBytes(target, 0, 6), target);
                      h.say(h.rfile.readNBytes(target, 0, 6), target);
                      h.say(h.rfile.readNBytes(target, 0, 6), target);
                    }))
            .client(
                c -> c.connect().send("ab").send("c").send("defgh").shutdownWrite().readToEnd()),
        tcp("every byte from 0 to 255 comes through unchanged, both ways")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        data = self.rfile.read(256)
                        say(data)
                        self.wfile.write(data)
                """)
            .java(
                stream(
                    h -> {
                      byte[] data = h.rfile.read(256);
                      h.say(data);
                      h.wfile.write(data);
                    }))
            .client(
                c -> {
                  byte[] all = new byte[256];
                  for (int n = 0; n < 256; n++) {
                    all[n] = (byte) n;
                  }
                  c.connect().send(all).readToEnd();
                }),
        tcp("a header line, then as many bytes as it says, then the next header")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        for n in range(3):
                            size = int(self.rfile.readline())
                            say(size, self.rfile.read(size))
                        say(self.rfile.readline())
                """)
            .java(
                stream(
                    h -> {
                      for (int n = 0; n < 3; n++) {
                        int size = Integer.parseInt(new String(h.rfile.readline()).trim());
                        h.say(size, h.rfile.read(size));
                      }
                      h.say(h.rfile.readline());
                    }))
            .client(
                c ->
                    c.connect()
                        .send("3\nabc5\n")
                        .send("a\nb\nc")
                        .send("0\n")
                        .shutdownWrite()
                        .readToEnd()),
        tcp("a megabyte is echoed while it comes")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        while True:
                            data = self.rfile.read1(65536)
                            if not data:
                                break
                            self.wfile.write(data)
                """)
            .java(
                stream(
                    h -> {
                      while (true) {
                        byte[] data = h.rfile.read1(65536);
                        if (data.length == 0) {
                          break;
                        }
                        h.wfile.write(data);
                      }
                    }))
            .client(
                c -> {
                  byte[] data = new byte[1 << 20];
                  new java.util.Random(1).nextBytes(data);
                  StreamPeer peer = c.connect();
                  Thread sending =
                      new Thread(
                          () -> {
                            try {
                              peer.send(data).shutdownWrite();
                            } catch (java.io.IOException e) {
                              throw new java.io.UncheckedIOException(e);
                            }
                          });
                  sending.start();
                  peer.readToEnd();
                  sending.join();
                }));
  }
}
