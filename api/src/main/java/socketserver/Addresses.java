package socketserver;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;

/** Checks, resolves and prints socket addresses. */
final class Addresses {
  private Addresses() {}

  /**
   * Makes an address usable with a family: resolves a host name to an address of it.
   *
   * @throws UnknownHostException if the name has no address of the family
   * @throws SocketException if the address is of another family
   */
  static SocketAddress resolve(SocketAddress address, ProtocolFamily family) throws IOException {
    if (address == null) {
      throw new NullPointerException("address is null: give new InetSocketAddress(port)");
    }
    boolean inet4 = family == StandardProtocolFamily.INET;
    boolean inet6 = family == StandardProtocolFamily.INET6;
    if (!(address instanceof InetSocketAddress inet)) {
      if (inet4 || inet6) {
        throw new SocketException(
            "an address of "
                + address.getClass().getSimpleName()
                + " does not fit the address"
                + " family "
                + family
                + ": "
                + address);
      }
      return address;
    }
    if (!inet4 && !inet6) {
      throw new SocketException("address " + address + " does not fit the family " + family);
    }
    if (inet.isUnresolved()) {
      return new InetSocketAddress(lookUp(inet.getHostString(), inet4), inet.getPort());
    }
    if (inet4 && inet.getAddress() instanceof Inet6Address) {
      throw new SocketException(
          "IPv6 address "
              + inet.getAddress().getHostAddress()
              + " on a socket of the IPv4 family:"
              + " override addressFamily() to return StandardProtocolFamily.INET6");
    }
    return address;
  }

  private static InetAddress lookUp(String host, boolean inet4) throws UnknownHostException {
    InetAddress[] found;
    try {
      found = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      UnknownHostException named = new UnknownHostException("host name does not resolve: " + host);
      named.initCause(e);
      throw named;
    }
    for (InetAddress candidate : found) {
      if (!inet4 || candidate instanceof Inet4Address) {
        return candidate;
      }
    }
    throw new UnknownHostException("host name has no IPv4 address: " + host);
  }

  /** The address as Python prints it: {@code ('127.0.0.1', 80)}, four elements for IPv6. */
  static String asTuple(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet)) {
      return String.valueOf(address);
    }
    if (inet.getAddress() instanceof Inet6Address ip6) {
      String text = ip6.getHostAddress();
      int zone = text.indexOf('%');
      String host = zone < 0 ? text : text.substring(0, zone);
      return "('" + host + "', " + inet.getPort() + ", 0, " + ip6.getScopeId() + ")";
    }
    String host = inet.isUnresolved() ? inet.getHostString() : inet.getAddress().getHostAddress();
    return "('" + host + "', " + inet.getPort() + ")";
  }

  static String describe(BaseSocket socket) {
    try {
      return "fd=" + socket.fileno() + ", laddr=" + socket.getsockname();
    } catch (IOException e) {
      return "closed";
    }
  }
}
