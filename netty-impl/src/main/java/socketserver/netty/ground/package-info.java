/**
 * What sockets stand on: system calls, options, errors from numbers, and how to wait for a loop.
 */
package socketserver.netty.ground;
