package socketserver.selectors;

import socketserver.select.Selectable;

/**
 * Something that is registered with a {@link DefaultSelector}, as in Python's {@code selectors}.
 *
 * @param fileobj what was registered
 * @param fd the number of its descriptor at that time
 * @param events what it is registered for: {@link DefaultSelector#EVENT_READ}, {@link
 *     DefaultSelector#EVENT_WRITE}, or both
 * @param data what the program keeps with it; may be null
 */
public record SelectorKey(Selectable fileobj, int fd, int events, Object data) {
  /**
   * Returns the data as what it is.
   *
   * @param <T> the type of the data
   * @param type its class
   * @return the data; null if there is none
   * @throws ClassCastException if it is of another class
   */
  public <T> T data(Class<T> type) {
    return type.cast(data);
  }
}
