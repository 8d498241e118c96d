/** Datagram sockets. */
package socketserver.netty.datagram;
