package socketserver.bench.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.util.List;
import java.util.Map;
import socketserver.ListenerSocket;

/** A loop of the program's own on this library's epoll, as one would port it from Python. */
final class EpollPeer implements Peer {
  @Override
  public String name() {
    return "socketserver";
  }

  @Override
  public Map<String, List<String>> servers() {
    return Map.of("epoll", List.of("lines"));
  }

  @Override
  public Served open(String strategy, String protocol) throws Exception {
    ListenerSocket listener = new ListenerSocket(StandardProtocolFamily.INET);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    listener.listen(BACKLOG);
    listener.setblocking(false);
    int port = ((InetSocketAddress) listener.getsockname()).getPort();
    return Served.of("port " + port, new EpollLineEcho(listener)::serve);
  }
}
