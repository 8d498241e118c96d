package socketserver;

import java.io.IOException;
import java.net.SocketAddress;
import socketserver.spi.SystemErrors;

/** The exceptions for what connect(2) says. */
final class ConnectErrors {
  private ConnectErrors() {}

  /** The exception for a number that is not 0; its message names the address. */
  static IOException of(int errno, SocketAddress address) {
    boolean begun = errno == Errno.EINPROGRESS || errno == Errno.EALREADY;
    String what = begun ? "connecting to " : "cannot connect to ";
    return SystemErrors.of(errno, what + address + ": " + Errno.strerror(errno));
  }
}
