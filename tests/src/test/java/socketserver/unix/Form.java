package socketserver.unix;

import java.io.IOException;
import socketserver.BaseServer;
import socketserver.UnixDatagramServer;
import socketserver.UnixStreamServer;

/** The two forms of Unix servers, for what they have in common. */
enum Form {
  STREAM {
    @Override
    BaseServer<?> bind(String path) throws IOException {
      return new UnixStreamServer(path, Echo::new);
    }

    @Override
    BaseServer<?> replace(String path) throws IOException {
      UnixStreamServer server = new UnixStreamServer(path, Echo::new, false);
      server.replaceStale(true);
      return bindOrClose(server, server::serverBind);
    }
  },

  DATAGRAM {
    @Override
    BaseServer<?> bind(String path) throws IOException {
      return new UnixDatagramServer(path, DatagramEcho::new);
    }

    @Override
    BaseServer<?> replace(String path) throws IOException {
      UnixDatagramServer server = new UnixDatagramServer(path, DatagramEcho::new, false);
      server.replaceStale(true);
      return bindOrClose(server, server::serverBind);
    }
  };

  /** Makes a server that is bound. */
  abstract BaseServer<?> bind(String path) throws IOException;

  /** Makes a server that is bound, if need be in the place of one that has ended. */
  abstract BaseServer<?> replace(String path) throws IOException;

  private interface Step {
    void take() throws IOException;
  }

  private static BaseServer<?> bindOrClose(BaseServer<?> server, Step bind) throws IOException {
    try {
      bind.take();
      server.serverActivate();
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }
}
