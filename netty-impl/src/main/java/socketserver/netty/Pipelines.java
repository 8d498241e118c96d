package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.util.function.Consumer;
import socketserver.BaseSocket;
import socketserver.DgramSocket;
import socketserver.ForkingMixIn;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.netty.datagram.NettyDatagram;
import socketserver.netty.listen.NettyListener;
import socketserver.netty.stream.NettyStream;
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

  /**
   * Puts handlers of Netty's before the blocking side of each connection that a server accepts from
   * now on, as an initializer of Netty's does:
   *
   * <pre>{@code
   * Pipelines.initializer(server, channel -> channel.pipeline().addLast(new LoggingHandler()));
   * }</pre>
   *
   * <p>What such a handler swallows, delays or adds, the server's handlers see. TLS that a handler
   * starts stands before all of them, so that they see what it has decrypted.
   *
   * @param server the server
   * @param initializer called on the thread that accepts, before {@code verifyRequest}; what it
   *     throws closes the connection and is reported as an error of {@code getRequest}. It must not
   *     wait
   * @throws IllegalArgumentException if the server forks, as its handlers run in another process,
   *     or its socket is not one of Netty's
   */
  public static void initializer(TCPServer server, Consumer<Channel> initializer) {
    if (server instanceof ForkingMixIn) {
      throw new IllegalArgumentException(
          "the pipeline of a connection does not go to another process: " + server);
    }
    initializer(server.socket(), initializer);
  }

  /**
   * As {@link #initializer(TCPServer, Consumer)}, for a socket that accepts by itself.
   *
   * @param listener the socket
   * @param initializer called on the thread that accepts; what it throws closes the connection, and
   *     {@code accept} throws it
   * @throws IllegalArgumentException if the socket is not one of Netty's
   */
  public static void initializer(ListenerSocket listener, Consumer<Channel> initializer) {
    if (!(listener.transportEndpoint() instanceof NettyListener netty)) {
      throw new IllegalArgumentException("not a socket of Netty's: " + listener);
    }
    netty.initializer(initializer);
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
