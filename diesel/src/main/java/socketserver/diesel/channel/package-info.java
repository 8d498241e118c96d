/** The channels of Netty's that connections are, their loop, and how much they hold in memory. */
package socketserver.diesel.channel;
