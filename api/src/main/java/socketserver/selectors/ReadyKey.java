package socketserver.selectors;

/**
 * What {@link DefaultSelector#select} returns a list of; Python has a pair.
 *
 * @param key what is ready
 * @param events for what: {@link DefaultSelector#EVENT_READ}, {@link DefaultSelector#EVENT_WRITE},
 *     or both; only what it is registered for
 */
public record ReadyKey(SelectorKey key, int events) {}
