package socketserver;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;

/** How datagrams get to another process: each with the descriptor of the server's socket. */
final class DatagramCrossing implements Crossing<DatagramRequest> {
  private final UDPServer server;

  DatagramCrossing(UDPServer server) {
    this.server = server;
  }

  @Override
  public HandedOver handOver(DatagramRequest request, SocketAddress client) {
    DgramSocket socket = request.socket();
    return new HandedOver(
        socket.fileno(), new Envelope(socket.timeoutNanos(), client, request.data()));
  }

  @Override
  public DatagramRequest adopt(int fd, Envelope envelope) throws IOException {
    ProtocolFamily family = server.addressFamily();
    DgramSocket socket = new DgramSocket(Transports.forFamily(family).adoptDatagram(fd), family);
    socket.timeoutNanos(envelope.timeoutNanos());
    server.adoptSocket(socket);
    return new DatagramRequest(envelope.data(), socket);
  }

  @Override
  public SocketAddress client(DatagramRequest request) {
    return null;
  }

  @Override
  public void rehearse(DatagramRequest request) throws IOException {
    SocketAddress itself = request.socket().getsockname();
    // an end of a pair has none
    SocketAddress peer = itself != null ? itself : UnixAddress.of("");
    new Rehearsal.Datagrams().rehearse(request, peer, server);
  }

  /** What was sent is with the system; the copy of the socket has no other use. */
  @Override
  public void letGo(DatagramRequest request) {
    request.socket().close();
  }
}
