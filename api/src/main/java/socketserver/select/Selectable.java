package socketserver.select;

import socketserver.spi.ReadinessSource;

/**
 * What {@link Select}, {@link Poll}, {@link Epoll} and {@link
 * socketserver.selectors.DefaultSelector} take: sockets of every kind, servers, the readers made of
 * sockets, standard input. In Python that is an integer, or anything that has {@code fileno()}.
 *
 * <p>A class of your own that has a socket implements both methods by asking the socket. May be
 * asked on any thread.
 */
public interface Selectable {
  /**
   * Returns the descriptor (Python: {@code fileno()}). Two that have the same number are the same
   * to {@link Epoll}, as in Python.
   *
   * @return the number, or -1 once closed
   */
  int fileno();

  /**
   * Returns what knows whether a call would have to wait.
   *
   * @return the same each time
   * @throws UnsupportedOperationException if the transport cannot tell; the message says why
   */
  ReadinessSource readiness();
}
