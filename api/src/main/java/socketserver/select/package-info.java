/**
 * Python's {@code select} module: which of many sockets a call would not have to wait for.
 *
 * <p>{@link socketserver.select.Select}, {@link socketserver.select.Poll} and {@link
 * socketserver.select.Epoll} take whatever is {@link socketserver.select.Selectable}.
 */
package socketserver.select;
