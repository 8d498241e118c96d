package socketserver;

/**
 * A request on its way to another process.
 *
 * @param fd its descriptor, which stays the request's
 * @param data what has arrived and nobody has read, or the datagram
 * @param timeoutNanos the time-out that the request's socket has
 */
record HandedOver(int fd, byte[] data, long timeoutNanos) {
  /** For a rehearsal. */
  static final HandedOver NOTHING = new HandedOver(-1, new byte[0], -1);
}
