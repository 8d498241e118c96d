package socketserver.contract;

import java.io.IOException;
import socketserver.StreamSocket;

/** TCP connections that one owner has accepted, and another goes on with. */
final class AdoptedTcp extends Tcp {
  @Override
  public StreamSocket goOnWith(StreamSocket accepted) throws IOException {
    return Copies.handedOver(this, accepted);
  }
}
