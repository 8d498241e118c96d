package socketserver;

import java.net.SocketAddress;

/**
 * What {@code getRequest()} returns: a request and who sent it.
 *
 * @param <R> the kind of request
 * @param request the request: a connection, a datagram, or whatever the server makes of it
 * @param clientAddress the sender's address; null only if the server has no notion of one
 */
public record Accepted<R>(R request, SocketAddress clientAddress) {}
