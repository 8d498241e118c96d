package socketserver.differential;

import static socketserver.differential.Scenario.tcp;
import static socketserver.differential.StreamHandling.stream;

import java.util.Arrays;
import java.util.List;

/** rfile by lines. */
final class LineReading {
  private LineReading() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("readline keeps the line feed, and gives the unfinished rest at the end of the stream")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        say(self.rfile.readline())
                        say(self.rfile.readline())
                        say(self.rfile.readline())
                        say(self.rfile.readline())
                """)
            .java(
                stream(
                    h -> {
                      h.say(h.rfile.readline());
                      h.say(h.rfile.readline());
                      h.say(h.rfile.readline());
                      h.say(h.rfile.readline());
                    }))
            .client(c -> c.connect().send("one\ntwo").shutdownWrite().readToEnd()),
        tcp("a carriage return before the line feed stays in the line")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        line = self.rfile.readline()
                        say(line)
                        self.wfile.write(line)
                """)
            .java(
                stream(
                    h -> {
                      byte[] line = h.rfile.readline();
                      h.say(line);
                      h.wfile.write(line);
                    }))
            .client(c -> c.connect().send("GET /\r\n").readToEnd()),
        tcp("only a line feed ends a line, not a carriage return, a form feed, NEL or zero")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        say(self.rfile.readline())
                        say(self.rfile.readline())
                """)
            .java(
                stream(
                    h -> {
                      h.say(h.rfile.readline());
                      h.say(h.rfile.readline());
                    }))
            .client(
                c ->
                    c.connect()
                        .send("a\rb\fc\u000bd\u0085e\u0000f\ng\r")
                        .shutdownWrite()
                        .readToEnd()),
        tcp("an empty line is a line feed, and no end of the stream")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        for n in range(4):
                            say(self.rfile.readline())
                """)
            .java(
                stream(
                    h -> {
                      for (int n = 0; n < 4; n++) {
                        h.say(h.rfile.readline());
                      }
                    }))
            .client(c -> c.connect().send("\n\r\n\n").shutdownWrite().readToEnd()),
        tcp("readline with a limit cuts a long line, and goes on where it cut")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        for limit in (4, 4, 4, 0, -1, 100):
                            say(limit, self.rfile.readline(limit))
                """)
            .java(
                stream(
                    h -> {
                      for (int limit : new int[] {4, 4, 4, 0, -1, 100}) {
                        h.say(limit, h.rfile.readline(limit));
                      }
                    }))
            .client(c -> c.connect().send("abcdefghij\nklm\nn").shutdownWrite().readToEnd()),
        tcp("a limit of exactly the line's length, without and with its line feed")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        for limit in (3, 4, 4, 4):
                            say(self.rfile.readline(limit))
                """)
            .java(
                stream(
                    h -> {
                      for (int limit : new int[] {3, 4, 4, 4}) {
                        h.say(h.rfile.readline(limit));
                      }
                    }))
            .client(c -> c.connect().send("abc\nabc\nend").shutdownWrite().readToEnd()),
        tcp("readline with a limit returns as soon as that many bytes are there")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        say(self.rfile.readline(5))
                        self.wfile.write(b'enough')
                        say(self.rfile.readline())
                """)
            .java(
                stream(
                    h -> {
                      h.say(h.rfile.readline(5));
                      h.wfile.write("enough");
                      h.say(h.rfile.readline());
                    }))
            .client(c -> c.connect().send("abcde").read(6).send("fg\n").readToEnd()),
        tcp("a line that arrives byte by byte is one line")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        say(self.rfile.readline())
                        say(self.rfile.readline())
                """)
            .java(
                stream(
                    h -> {
                      h.say(h.rfile.readline());
                      h.say(h.rfile.readline());
                    }))
            .client(
                c -> {
                  StreamPeer peer = c.connect();
                  for (char letter : "letter by letter\r\nand so on\n".toCharArray()) {
                    peer.send(String.valueOf(letter));
                  }
                  peer.readToEnd();
                }),
        tcp("a line that comes in two parts is waited for")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        arrived(self.request, 4)
                        say("first part is here")
                        say(self.rfile.readline())
                """)
            .java(
                stream(
                    h -> {
                      h.arrived(h.request, 4);
                      h.say("first part is here");
                      h.say(h.rfile.readline());
                    }))
            .client(
                c -> {
                  StreamPeer peer = c.connect().send("half");
                  c.await("first part is here");
                  peer.send(" and half\n").readToEnd();
                }),
        tcp("a line of a megabyte, far longer than the buffer, comes whole")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        say(self.rfile.readline())
                        say(self.rfile.readline())
                """)
            .java(
                stream(
                    h -> {
                      h.say(h.rfile.readline());
                      h.say(h.rfile.readline());
                    }))
            .client(
                c -> {
                  byte[] line = new byte[1 << 20];
                  Arrays.fill(line, (byte) 'x');
                  line[line.length - 1] = '\n';
                  c.connect().send(line).send("next\n").readToEnd();
                }),
        tcp("a limit far above the buffer's size is kept to the byte")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        say(self.rfile.readline(65537))
                        say(self.rfile.readline(20000))
                        say(self.rfile.readline(20000))
                """)
            .java(
                stream(
                    h -> {
                      h.say(h.rfile.readline(65537));
                      h.say(h.rfile.readline(20000));
                      h.say(h.rfile.readline(20000));
                    }))
            .client(
                c -> {
                  byte[] line = new byte[90000];
                  Arrays.fill(line, (byte) 'y');
                  line[line.length - 1] = '\n';
                  c.connect().send(line).shutdownWrite().readToEnd();
                }),
        tcp("readlines gives all the lines to the end of the stream")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        say(self.rfile.readlines())
                        say(self.rfile.readlines())
                """)
            .java(
                stream(
                    h -> {
                      h.say(h.rfile.readlines());
                      h.say(h.rfile.readlines());
                    }))
            .client(c -> c.connect().send("a\n\nb\r\nrest").shutdownWrite().readToEnd()),
        tcp("iteration gives a line at a time, and ends with the stream")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        for line in self.rfile:
                            self.wfile.write(line)
                        say("over", self.rfile.readline())
                """)
            .java(
                stream(
                    h -> {
                      for (byte[] line : h.rfile) {
                        h.wfile.write(line);
                      }
                      h.say("over", h.rfile.readline());
                    }))
            .client(
                c ->
                    c.connect()
                        .send("one\n")
                        .readLine()
                        .send("two\nthree\nrest")
                        .shutdownWrite()
                        .readToEnd()),
        tcp("a hundred pipelined requests are answered in their order")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        while True:
                            line = self.rfile.readline()
                            if not line:
                                break
                            self.wfile.write(b're: ' + line)
                """)
            .java(
                stream(
                    h -> {
                      while (true) {
                        byte[] line = h.rfile.readline();
                        if (line.length == 0) {
                          break;
                        }
                        h.wfile.write("re: ");
                        h.wfile.write(line);
                      }
                    }))
            .client(
                c -> {
                  StringBuilder requests = new StringBuilder();
                  for (int n = 0; n < 100; n++) {
                    requests.append("request ").append(n).append('\n');
                  }
                  c.connect().send(requests.toString()).shutdownWrite().readToEnd();
                }));
  }
}
