/** Event loops, the mechanisms that ask the system, and how a thread waits for a socket. */
package socketserver.netty.loop;
