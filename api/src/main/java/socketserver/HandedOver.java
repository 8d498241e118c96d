package socketserver;

/**
 * A request on its way to another process.
 *
 * @param fd its descriptor, which stays the request's
 * @param envelope what crosses beside it
 */
record HandedOver(int fd, Envelope envelope) {}
