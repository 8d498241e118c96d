package socketserver;

/**
 * The request of a datagram server: Python's tuple {@code (data, socket)}.
 *
 * @param data the datagram's bytes, an array of its own; empty for an empty datagram
 * @param socket the server's own socket, to answer with; a handler must not close it
 */
public record DatagramRequest(byte[] data, DgramSocket socket) {}
