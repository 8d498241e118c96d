package socketserver.bench.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.WouldBlockException;
import socketserver.select.Epoll;
import socketserver.select.PollEvent;

/** Answers each line with itself, in one loop for all connections. */
final class EpollLineEcho {
  private static final byte[] NOTHING = {};

  private final ListenerSocket listener;
  private final Epoll epoll = new Epoll();

  /** By descriptor: the beginnings of lines. */
  private final Map<Integer, byte[]> begun = new HashMap<>();

  /** By descriptor: what could not be sent yet. */
  private final Map<Integer, byte[]> unsent = new HashMap<>();

  EpollLineEcho(ListenerSocket listener) {
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
    int fd = event.fd();
    try {
      byte[] waiting = unsent.remove(fd);
      if (waiting != null) {
        epoll.modify(fd, Epoll.EPOLLIN);
        send(connection, fd, waiting);
        return;
      }
      byte[] data = connection.recv(Peer.PIECE);
      if (data.length > 0) {
        answer(connection, fd, data);
        return;
      }
    } catch (IOException e) {
      // the client has gone, as at the end of the stream, or sends no lines
    }
    begun.remove(fd);
    unsent.remove(fd);
    connection.close();
  }

  private void answer(StreamSocket connection, int fd, byte[] data) throws IOException {
    ByteArrayOutputStream answers = new ByteArrayOutputStream(data.length);
    answers.writeBytes(begun.getOrDefault(fd, NOTHING));
    int begin = 0; // of the line
    for (int i = 0; i < data.length; i++) {
      if (data[i] == '\n') {
        answers.write(data, begin, i + 1 - begin);
        begin = i + 1;
      }
    }
    if (begin == 0) {
      answers.writeBytes(data);
      if (answers.size() > Peer.LONGEST_LINE) {
        throw new IOException("a line of more than " + Peer.LONGEST_LINE + " bytes");
      }
      begun.put(fd, answers.toByteArray());
      return;
    }
    if (begin < data.length) {
      begun.put(fd, Arrays.copyOfRange(data, begin, data.length));
    } else if (!begun.isEmpty()) {
      begun.remove(fd);
    }
    send(connection, fd, answers.toByteArray());
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
