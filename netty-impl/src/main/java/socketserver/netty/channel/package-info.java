/** Event loops and channels of one's own, for programs that are one event loop: Diesel's. */
package socketserver.netty.channel;
