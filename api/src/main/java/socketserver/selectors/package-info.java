/** Python's {@code selectors} module: a map of sockets to data of the program's own, over epoll. */
package socketserver.selectors;
