package socketserver.netty.ground;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;

/** The calls on any descriptor, by Netty's native library. */
public abstract class DescriptorCalls implements SocketCalls {
  private final Socket socket;
  private final NativeFamily family;

  public DescriptorCalls(Socket socket, NativeFamily family) {
    this.socket = socket;
    this.family = family;
  }

  public final Socket socket() {
    return socket;
  }

  protected final NativeFamily family() {
    return family;
  }

  @Override
  public final Object source() {
    return socket;
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    family.bind(socket, address);
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    return family.local(socket);
  }

  @Override
  public final Options options() {
    return new Options.Native(socket);
  }

  @Override
  public final int fileno() {
    return socket.intValue();
  }

  @Override
  public final boolean hasDescriptor() {
    return true;
  }

  @Override
  public final void close() throws IOException {
    socket.close();
  }
}
