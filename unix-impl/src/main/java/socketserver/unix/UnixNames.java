package socketserver.unix;

import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import socketserver.UnixAddress;

/** Unix addresses between Netty's terms and the API's. Both see their bytes as UTF-8. */
final class UnixNames {
  /** The longest path, in bytes, that leaves room for the zero byte that ends it. */
  private static final int LONGEST = 107;

  private UnixNames() {}

  static DomainSocketAddress toNetty(UnixAddress address) {
    return new DomainSocketAddress(address.path());
  }

  /**
   * The address for Netty's bind, which removes the file whose name it finds in memory that ends
   * where the path ends: a zero byte there keeps it from reading on. The longest path has no room
   * for one within what Netty takes.
   */
  static DomainSocketAddress toBind(UnixAddress address) {
    boolean file = !address.isAbstract() && !address.isUnnamed();
    int length = address.path().getBytes(StandardCharsets.UTF_8).length;
    return new DomainSocketAddress(
        file && length < LONGEST ? address.path() + "\0" : address.path());
  }

  /** Unnamed for null: the system told none. */
  static UnixAddress toApi(DomainSocketAddress address) {
    return address == null ? UnixAddress.UNNAMED : UnixAddress.of(address.path());
  }
}
