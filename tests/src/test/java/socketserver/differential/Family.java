package socketserver.differential;

import java.io.IOException;

/** What the sockets of a scenario are: those of the internet, or Unix domain ones. */
enum Family {
  INET("over the internet's sockets"),
  UNIX("over Unix sockets");

  final String title;

  Family(String title) {
    this.title = title;
  }

  /** The sockets of one run of a scenario, on one of the two servers. */
  Sockets sockets() throws IOException {
    return this == INET ? new InetSockets() : new UnixSockets();
  }
}
