/**
 * The transport over Netty: TCP and UDP on epoll, kqueue or NIO, whichever the machine has.
 *
 * <p>Being on the class path is enough: {@link socketserver.spi} finds it. An application that
 * knows Netty reaches the pipeline of a request through this package; every other one leaves it
 * alone.
 */
package socketserver.netty;
