package socketserver.bench.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import socketserver.ConnectionException;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.WouldBlockException;
import socketserver.select.Epoll;
import socketserver.select.PollEvent;

/**
 * A loop of the program's own on this library's {@link Epoll}, as one would port it from Python.
 */
final class EpollPeer implements Peer {
  @Override
  public String name() {
    return "socketserver";
  }

  @Override
  public Map<String, List<String>> servers() {
    return Map.of("epoll", List.of("bytes"));
  }

  @Override
  public Served open(String strategy, String protocol) throws Exception {
    ListenerSocket listener = new ListenerSocket(StandardProtocolFamily.INET);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    listener.listen(BACKLOG);
    listener.setblocking(false);
    int port = ((InetSocketAddress) listener.getsockname()).getPort();
    return Served.of("port " + port, new Echo(listener)::serve);
  }

  /** Answers what it reads with itself. */
  private static final class Echo {
    private final ListenerSocket listener;
    private final Epoll epoll = new Epoll();

    /** What could not be sent yet, by descriptor. */
    private final Map<Integer, byte[]> unsent = new HashMap<>();

    Echo(ListenerSocket listener) {
      this.listener = listener;
    }

    void serve() throws IOException {
      epoll.register(listener, Epoll.EPOLLIN);
      while (true) {
        for (PollEvent event : epoll.poll()) {
          if (event.fileobj() == listener) {
            accept();
          } else {
            turn(event);
          }
        }
      }
    }

    private void accept() throws IOException {
      while (true) {
        try {
          StreamSocket connection = listener.accept();
          connection.setblocking(false);
          connection.setsockopt(StreamSocket.IPPROTO_TCP, StreamSocket.TCP_NODELAY, 1);
          epoll.register(connection, Epoll.EPOLLIN);
        } catch (WouldBlockException e) {
          return;
        }
      }
    }

    private void turn(PollEvent event) throws IOException {
      StreamSocket connection = (StreamSocket) event.fileobj();
      try {
        byte[] waiting = unsent.remove(event.fd());
        if (waiting != null) {
          epoll.modify(event.fd(), Epoll.EPOLLIN);
          send(connection, event.fd(), waiting);
          return;
        }
        byte[] data = connection.recv(PIECE);
        if (data.length == 0) {
          connection.close();
        } else {
          send(connection, event.fd(), data);
        }
      } catch (ConnectionException e) {
        unsent.remove(event.fd());
        connection.close();
      }
    }

    /** Sends; reads no more until all has been sent. */
    private void send(StreamSocket connection, int fd, byte[] data) throws IOException {
      int sent = 0;
      try {
        sent = connection.send(data);
      } catch (WouldBlockException e) {
        // there is no room at all
      }
      if (sent < data.length) {
        unsent.put(fd, Arrays.copyOfRange(data, sent, data.length));
        epoll.modify(fd, Epoll.EPOLLOUT);
      }
    }
  }
}
