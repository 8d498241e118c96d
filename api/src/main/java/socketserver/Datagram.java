package socketserver;

import java.net.SocketAddress;

/**
 * A datagram and where it came from: what Python's {@code recvfrom} returns as a tuple.
 *
 * @param data its bytes, an array of its own; empty for an empty datagram
 * @param address its sender
 */
public record Datagram(byte[] data, SocketAddress address) {}
