package socketserver.contract;

import java.io.IOException;
import java.nio.file.Path;
import socketserver.DgramSocket;

/** Unix datagram sockets that one owner has bound, and another has a copy of and goes on with. */
final class AdoptedUnixDatagrams extends UnixDatagrams {
  AdoptedUnixDatagrams(Path folder) {
    super(folder);
  }

  @Override
  public DgramSocket goOnWith(DgramSocket bound) throws IOException {
    DgramSocket copy = Copies.of(this, bound);
    bound.close();
    return copy;
  }
}
