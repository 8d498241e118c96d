package socketserver.unix;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import socketserver.PeerCredentials;
import socketserver.SocketConstants;
import socketserver.netty.ground.Options;

/** Reads the structure ucred of Linux (unix(7)): pid, uid and gid, an int each. */
final class UnixCredentials {
  private static final int SIZE = 12;

  private UnixCredentials() {}

  static PeerCredentials of(Socket socket) throws IOException {
    byte[] value =
        new Options.Native(socket)
            .get(SocketConstants.SOL_SOCKET, SocketConstants.SO_PEERCRED, SIZE);
    ByteBuffer ucred = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
    return new PeerCredentials(ucred.getInt(), ucred.getInt(), ucred.getInt());
  }
}
