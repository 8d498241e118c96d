package socketserver.select;

/**
 * Something that is ready: what {@link Poll#poll} and {@link Epoll#poll} return a list of. Python
 * has a pair of descriptor and events.
 *
 * @param fd the number that {@link Selectable#fileno()} returned when it was registered
 * @param events the bits of what is ready
 * @param fileobj what was registered
 */
public record PollEvent(int fd, int events, Selectable fileobj) {
  /**
   * Tells whether something is among the events (Python: {@code event & select.EPOLLIN}).
   *
   * @param bits one event, or several
   * @return true if any of them is ready
   */
  public boolean has(int bits) {
    return (events & bits) != 0;
  }
}
