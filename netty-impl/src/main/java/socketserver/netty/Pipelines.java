package socketserver.netty;

import io.netty.channel.ChannelPipeline;
import socketserver.BaseSocket;
import socketserver.DgramSocket;
import socketserver.StreamSocket;
import socketserver.spi.Endpoint;

/**
 * For those who know Netty: the pipeline behind a socket.
 *
 * <p>A pipeline's last handler is the library's own. A handler that is added before it sees what
 * arrives before {@code recv} does, and what is sent after {@code send}. It runs on the thread of
 * whoever reads or writes, or on an event loop's, one at a time, and must not block. The channel
 * reads when the blocking side does. Keep the socket: one that nobody has any more is closed,
 * whatever its pipeline is used for.
 */
public final class Pipelines {
  private Pipelines() {}

  /**
   * Returns the pipeline of a connection, such as a handler's {@code request}.
   *
   * @param socket the connection
   * @return its pipeline
   * @throws IllegalArgumentException if the socket is not one of Netty's
   */
  public static ChannelPipeline of(StreamSocket socket) {
    return pipeline(socket, socket.transportEndpoint());
  }

  /**
   * Returns the pipeline of a datagram socket, such as a datagram server's.
   *
   * @param socket the socket
   * @return its pipeline
   * @throws IllegalArgumentException if the socket is not one of Netty's
   */
  public static ChannelPipeline of(DgramSocket socket) {
    return pipeline(socket, socket.transportEndpoint());
  }

  private static ChannelPipeline pipeline(BaseSocket socket, Endpoint endpoint) {
    if (endpoint instanceof NettyStream stream) {
      return stream.pipeline();
    }
    if (endpoint instanceof NettyDatagram datagrams) {
      return datagrams.pipeline();
    }
    throw new IllegalArgumentException("not a socket of Netty's: " + socket);
  }
}
