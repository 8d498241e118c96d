/**
 * What streams, listeners and datagram sockets have in common: the descriptor's owner, and the
 * channel before it.
 */
package socketserver.netty.socket;
