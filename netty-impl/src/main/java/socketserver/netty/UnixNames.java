package socketserver.netty;

import io.netty.channel.unix.DomainSocketAddress;
import socketserver.UnixAddress;

/** Unix addresses between Netty's terms and the API's. Both see their bytes as UTF-8. */
final class UnixNames {
  private UnixNames() {}

  static DomainSocketAddress toNetty(UnixAddress address) {
    return new DomainSocketAddress(address.path());
  }

  /** Unnamed for null: the system told none. */
  static UnixAddress toApi(DomainSocketAddress address) {
    return address == null ? UnixAddress.UNNAMED : UnixAddress.of(address.path());
  }
}
