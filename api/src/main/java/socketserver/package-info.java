/**
 * Python's {@code socketserver} for Java: a server is a class, and a request is handled by a class
 * with a blocking {@code handle()}.
 *
 * <p>The names are Python's in camelCase. A server is made with the address that it binds and a
 * factory of handlers; {@code serveForever()} then answers one request after the other on the
 * calling thread, and a mix-in ({@code class Server extends TCPServer implements ThreadingMixIn})
 * moves each request to a thread of its own.
 *
 * <p>This package names no transport. The one that does the work is found on the class path through
 * {@link socketserver.spi}.
 */
package socketserver;
