package socketserver;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many requests each client has that run or wait in this process. On any thread. */
final class ClientCounts {
  /** Only clients that have one. */
  private final Map<Object, Integer> counts = new ConcurrentHashMap<>();

  /**
   * What stands for the client at an address: an IPv4 address, or the network of an IPv6 one. Null
   * if the address does not tell clients apart.
   */
  static Object client(SocketAddress address) {
    InetAddress host = address instanceof InetSocketAddress inet ? inet.getAddress() : null;
    if (host == null || host instanceof Inet4Address) {
      return host;
    }
    boolean isShared = host.isLoopbackAddress() || host.isLinkLocalAddress();
    return isShared ? host : (Object) ByteBuffer.wrap(host.getAddress()).getLong();
  }

  void add(RequestTask task) {
    Object client = client(task.clientAddress());
    if (client != null) {
      counts.merge(client, 1, Integer::sum);
      task.countedFor = client;
    }
  }

  /** Takes back what was added, if it was. */
  void remove(RequestTask task) {
    Object client = task.countedFor;
    if (client != null) {
      task.countedFor = null;
      counts.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
    }
  }

  int of(Object client) {
    return counts.getOrDefault(client, 0);
  }
}
