/**
 * The transport for Unix domain sockets: listeners that junixsocket binds as Python does, handed to
 * the pipelines of {@link socketserver.netty}.
 *
 * <p>Being on the class path is enough: {@link socketserver.spi} finds it.
 */
package socketserver.unix;
