/**
 * What a transport provides to the servers of {@link socketserver}: listeners, datagram sockets and
 * connections that block.
 *
 * <p>An application never calls this package. A transport implements its provider interface and
 * names it in {@code META-INF/services}, where {@link java.util.ServiceLoader} finds it.
 */
package socketserver.spi;
