package socketserver.contract;

import java.io.IOException;
import socketserver.DgramSocket;

/** UDP sockets that one owner has bound, and another has a copy of and goes on with. */
final class AdoptedUdp extends Udp {
  @Override
  public DgramSocket goOnWith(DgramSocket bound) throws IOException {
    DgramSocket copy = Copies.of(this, bound);
    bound.close();
    return copy;
  }
}
