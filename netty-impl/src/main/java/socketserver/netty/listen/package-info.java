/** Sockets that listen. */
package socketserver.netty.listen;
