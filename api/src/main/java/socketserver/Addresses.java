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
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

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
      return UnixAddress.of(address);
    }
    if (!inet4 && !inet6) {
      throw new SocketException("address " + address + " does not fit the family " + family);
    }
    if (!inet.isUnresolved() && inet.getAddress().isAnyLocalAddress()) {
      // "all addresses", whichever family Java was told to prefer
      return new InetSocketAddress(
          InetAddress.getByAddress(new byte[inet4 ? 4 : 16]), inet.getPort());
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

  /**
   * Returns the addresses to try for a connection: every address of a name that is not resolved
   * yet.
   *
   * @throws UnknownHostException if the name has none
   */
  static List<SocketAddress> candidates(SocketAddress address) throws IOException {
    Objects.requireNonNull(address, "address is null");
    if (!(address instanceof InetSocketAddress inet) || !inet.isUnresolved()) {
      return List.of(
          address instanceof UnixDomainSocketAddress unix ? UnixAddress.of(unix) : address);
    }
    List<SocketAddress> candidates = new ArrayList<>();
    for (InetAddress found : lookUpAll(inet.getHostString())) {
      candidates.add(new InetSocketAddress(found, inet.getPort()));
    }
    return candidates;
  }

  /** The family of a resolved address. */
  static ProtocolFamily family(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet)) {
      return StandardProtocolFamily.UNIX;
    }
    return inet.getAddress() instanceof Inet6Address
        ? StandardProtocolFamily.INET6
        : StandardProtocolFamily.INET;
  }

  private static InetAddress[] lookUpAll(String host) throws UnknownHostException {
    try {
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      UnknownHostException named = new UnknownHostException("host name does not resolve: " + host);
      named.initCause(e);
      throw named;
    }
  }

  private static InetAddress lookUp(String host, boolean inet4) throws UnknownHostException {
    for (InetAddress candidate : lookUpAll(host)) {
      if (!inet4 || candidate instanceof Inet4Address) {
        return candidate;
      }
    }
    throw new UnknownHostException("host name has no IPv4 address: " + host);
  }

  /** The address as Python prints it: {@code ('127.0.0.1', 80)}, four elements for IPv6. */
  static String asTuple(SocketAddress address) {
    if (address instanceof UnixAddress unix) {
      return asName(unix);
    }
    if (!(address instanceof InetSocketAddress inet)) {
      return String.valueOf(address);
    }
    if (inet.getAddress() instanceof Inet6Address ip6) {
      return "('" + hostText(ip6) + "', " + inet.getPort() + ", 0, " + ip6.getScopeId() + ")";
    }
    return "('" + host(inet) + "', " + inet.getPort() + ")";
  }

  /** As Python prints it: a path, nothing, or the bytes of an abstract name. */
  private static String asName(UnixAddress address) {
    return address.isAbstract() ? "b'\\x00" + address.path().substring(1) + "'" : address.path();
  }

  /** The host of an address in numbers, or its name if it was not resolved. */
  static String host(InetSocketAddress address) {
    return address.isUnresolved() ? address.getHostString() : hostText(address.getAddress());
  }

  /** An address in numbers; IPv6 in the short form of RFC 5952, section 4, as Python has it. */
  private static String hostText(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address.getHostAddress();
    }
    ShortBuffer groups = ByteBuffer.wrap(address.getAddress()).asShortBuffer();
    int zeros = 0;
    int from = -1;
    for (int i = 0; i < 8; i++) {
      int run = 0;
      while (i + run < 8 && groups.get(i + run) == 0) {
        run++;
      }
      if (run > Math.max(zeros, 1)) {
        zeros = run;
        from = i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == from) {
        text.append("::");
        i += zeros - 1;
        continue;
      }
      if (i > 0 && i != from + zeros) {
        text.append(':');
      }
      text.append(Integer.toHexString(groups.get(i) & 0xffff));
    }
    return text.toString();
  }

  static String describe(BaseSocket socket) {
    try {
      return "fd=" + socket.fileno() + ", laddr=" + socket.getsockname();
    } catch (IOException e) {
      return "closed";
    }
  }

  /** Whom a socket talks to, for its toString; nothing if to nobody. */
  static String describePeer(SocketAddress peer) {
    return peer == null ? "" : ", raddr=" + peer;
  }
}
