/**
 * The transport for Unix domain sockets: bound as Python does, on the engine and the pipelines of
 * {@link socketserver.netty}.
 *
 * <p>Being on the class path is enough: {@link socketserver.spi} finds it.
 */
package socketserver.unix;
