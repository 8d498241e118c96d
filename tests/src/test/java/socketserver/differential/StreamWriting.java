package socketserver.differential;

import static socketserver.differential.Scenario.tcp;
import static socketserver.differential.StreamHandling.stream;

import java.util.List;

/** wfile: with and without a buffer. */
final class StreamWriting {
  private StreamWriting() {}

  static List<Scenario<?, ?>> scenarios() {
    return List.of(
        tcp("without a buffer a prompt is sent before the answer is read")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'name? ')
                        name = self.rfile.readline()
                        self.wfile.write(b'hello ' + name)
                """)
            .java(
                stream(
                    h -> {
                      h.wfile.write("name? ");
                      byte[] name = h.rfile.readline();
                      h.wfile.write("hello ");
                      h.wfile.write(name);
                    }))
            .client(c -> c.connect().read(6).send("you\n").readToEnd()),
        tcp("an empty write sends nothing, with and without a buffer")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'')
                        self.wfile.writelines([])
                        self.wfile.flush()
                        say(self.wfile.closed)
                """)
            .java(
                stream(
                    h -> {
                      h.wfile.write(new byte[0]);
                      h.wfile.writelines(List.of());
                      h.wfile.flush();
                      h.say(h.wfile.closed());
                    }))
            .client(c -> c.connect().readToEnd()),
        tcp("writelines puts nothing between the lines")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.writelines([b'one\\n', b'', b'two', b'three\\n'])
                """)
            .java(
                stream(
                    h ->
                        h.wfile.writelines(
                            List.of(
                                Shown.latin1("one\n"),
                                new byte[0],
                                Shown.latin1("two"),
                                Shown.latin1("three\n")))))
            .client(c -> c.connect().readToEnd()),
        tcp("a handler may close its files itself")
            .python(
                """
                class Handler(StreamRequestHandler):
                    wbufsize = -1
                    def handle(self):
                        self.wfile.write(b'sent by close')
                        self.wfile.close()
                        self.wfile.close()
                        self.rfile.close()
                        say(self.wfile.closed, self.rfile.closed)
                """)
            .java(
                stream(
                        h -> {
                          h.wfile.write("sent by close");
                          h.wfile.close();
                          h.wfile.close();
                          h.rfile.close();
                          h.say(h.wfile.closed(), h.rfile.closed());
                        })
                    .wbufsize(-1))
            .client(c -> c.connect().readToEnd()),
        tcp("writing to a closed file with a buffer is an error")
            .python(
                """
                class Handler(StreamRequestHandler):
                    wbufsize = -1
                    def handle(self):
                        self.wfile.close()
                        attempt("write", lambda: self.wfile.write(b'late'))
                        attempt("flush", lambda: self.wfile.flush())
                        self.request.sendall(b'socket is open')
                """)
            .java(
                stream(
                        h -> {
                          h.wfile.close();
                          h.attempt("write", () -> h.wfile.write("late"));
                          h.attempt("flush", () -> h.wfile.flush());
                          h.request.sendall("socket is open");
                        })
                    .wbufsize(-1))
            .client(c -> c.connect().readToEnd())
            .differs(
                "a closed file is an IOException in Java, as it is for every stream of the JDK",
                """
                for client 1: write: ValueError
                for client 1: flush: ValueError
                """,
                """
                for client 1: write: OSError
                for client 1: flush: OSError
                """),
        tcp("writing to a closed file without a buffer is an error here, and is sent by Python")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.close()
                        say(self.wfile.closed)
                        attempt("write", lambda: self.wfile.write(b'late') and None)
                """)
            .java(
                stream(
                    h -> {
                      h.wfile.close();
                      h.say(h.wfile.closed());
                      h.attempt("write", () -> h.wfile.write("late"));
                    }))
            .client(c -> c.connect().readToEnd())
            .differs(
                "a closed file takes nothing; Python's unbuffered wfile forgets to look",
                """
                client 1: read 'late', the end
                for client 1: write: None
                """,
                """
                client 1: read '', the end
                for client 1: write: OSError
                """),
        tcp("request.close() in handle leaves the files open, and finish still sends the buffer")
            .python(
                """
                class Handler(StreamRequestHandler):
                    wbufsize = -1
                    def handle(self):
                        self.wfile.write(b'still ')
                        self.request.close()
                        say(self.request.fileno() >= 0)
                        self.wfile.write(b'sent')
                        say(self.rfile.readline())
                """)
            .java(
                stream(
                        h -> {
                          h.wfile.write("still ");
                          h.request.close();
                          h.say(h.request.fileno() >= 0);
                          h.wfile.write("sent");
                          h.say(h.rfile.readline());
                        })
                    .wbufsize(-1))
            .client(c -> c.connect().send("read\n").readToEnd()),
        tcp("the server writes sixteen megabytes to a client that reads late")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'start\\n')
                        self.wfile.write(bytes(range(256)) * 65536 + b'!')
                        say("written")
                """)
            .java(
                stream(
                    h -> {
                      byte[] data = new byte[256 * 65536 + 1];
                      for (int n = 0; n < data.length; n++) {
                        data[n] = (byte) n;
                      }
                      data[data.length - 1] = '!';
                      h.wfile.write("start\n");
                      h.wfile.write(data);
                      h.say("written");
                    }))
            .client(c -> c.connect().readLine().readToEnd()),
        tcp("a thousand small writes arrive as one stream in their order")
            .python(
                """
                class Handler(StreamRequestHandler):
                    def handle(self):
                        for n in range(1000):
                            self.wfile.write(b'%d,' % n)
                """)
            .java(
                stream(
                    h -> {
                      for (int n = 0; n < 1000; n++) {
                        h.wfile.write(n + ",");
                      }
                    }))
            .client(c -> c.connect().readToEnd()));
  }
}
