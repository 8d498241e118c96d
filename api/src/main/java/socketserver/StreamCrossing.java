package socketserver;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import socketserver.spi.StreamEndpoint;

/** How connections get to another process: with their descriptors, and what nobody has read yet. */
final class StreamCrossing implements Crossing<StreamSocket> {
  private final TCPServer server;

  StreamCrossing(TCPServer server) {
    this.server = server;
  }

  @Override
  public HandedOver handOver(StreamSocket request, SocketAddress client) throws IOException {
    byte[] unread = request.endpoint().handOver();
    // the child cannot ask the system, which forgets the peer of a connection that was reset
    return new HandedOver(request.fileno(), new Envelope(request.timeoutNanos(), client, unread));
  }

  @Override
  public StreamSocket adopt(int fd, Envelope envelope) throws IOException {
    StreamEndpoint endpoint =
        Transports.forFamily(server.addressFamily()).adoptStream(fd, envelope.data());
    StreamSocket request = StreamSocket.accepted(endpoint);
    request.timeoutNanos(envelope.timeoutNanos());
    return request;
  }

  @Override
  public SocketAddress client(StreamSocket request) {
    return request.peer();
  }

  @Override
  public void rehearse(StreamSocket request) throws IOException {
    new Rehearsal.Stream(true).rehearse(request, request.peer(), server);
    // as when there is nothing to read yet
    request.endpoint().available();
    boolean hearsItself = server.addressFamily() != StandardProtocolFamily.UNIX;
    new Rehearsal.Stream(hearsItself).rehearse(request, request.peer(), server);
    request.shutdown(SocketConstants.SHUT_WR);
    request.closeWithFiles();
  }

  @Override
  public void letGo(StreamSocket request) {
    request.closeWithFiles();
    request.endpoint().awaitSent();
  }
}
