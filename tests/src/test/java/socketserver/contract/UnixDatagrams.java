package socketserver.contract;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.FileDescriptorCast;
import socketserver.UnixAddress;
import socketserver.spi.Transport;
import socketserver.unix.UnixTransport;

/**
 * Unix domain datagram sockets, at paths in one folder. The JDK has none, so the peers are
 * junixsocket's.
 */
public class UnixDatagrams implements DatagramKind {
  private static final Path SEND_BUFFER = Path.of("/proc/sys/net/core/wmem_default");

  /** What the system keeps of a send buffer for itself. */
  private static final int RESERVED = 32;

  private final UnixPaths paths;

  /** Makes a kind that binds in a folder. */
  public UnixDatagrams(Path folder) {
    this.paths = new UnixPaths(folder, "d");
  }

  @Override
  public ProtocolFamily family() {
    return StandardProtocolFamily.UNIX;
  }

  @Override
  public Transport transport() {
    return new UnixTransport();
  }

  @Override
  public SocketAddress free() {
    return UnixAddress.of(paths.next());
  }

  @Override
  public int longest() {
    try {
      // by lines, as the file can only be read in one go
      return Integer.parseInt(Files.readAllLines(SEND_BUFFER).get(0)) - RESERVED;
    } catch (IOException e) {
      throw new AssertionError("the size of a send buffer is not told", e);
    }
  }

  @Override
  public void clear(SocketAddress address) throws IOException {
    Files.deleteIfExists(Path.of(((UnixAddress) address).path()));
  }

  @Override
  public boolean bindsSenders() {
    return false;
  }

  @Override
  public boolean drops() {
    return false;
  }

  @Override
  public DatagramPeer peer() throws IOException {
    // never a path of somebody's: junixsocket removes what it finds there
    return new UnixPeer(paths.next());
  }

  /** A peer that is bound to a path. */
  private static final class UnixPeer implements DatagramPeer {
    private final UnixAddress address;
    private final AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open();
    private final ByteBuffer received = ByteBuffer.allocateDirect(1 << 20);

    UnixPeer(Path path) throws IOException {
      address = UnixAddress.of(path);
      channel.bind(AFUNIXSocketAddress.of(path));
    }

    @Override
    public SocketAddress address() {
      return address;
    }

    @Override
    public void send(byte[] data, SocketAddress target) throws IOException {
      String path = ((UnixAddress) target).path();
      ByteBuffer direct = ByteBuffer.allocateDirect(data.length).put(data).flip();
      if (data.length == 0) {
        // which junixsocket does not send
        int descriptor = FileDescriptorCast.using(channel.getFileDescriptor()).as(Integer.class);
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        new Socket(descriptor).sendToDomainSocket(direct, 0, 0, name);
      } else {
        channel.send(direct, AFUNIXSocketAddress.of(Path.of(path)));
      }
    }

    @Override
    public Packet receive() throws IOException {
      SocketAddress sender = channel.receive(received.clear());
      byte[] data = new byte[received.flip().remaining()];
      received.get(data);
      return new Packet(data, inTermsOfTheLibrary(sender));
    }

    private static UnixAddress inTermsOfTheLibrary(SocketAddress sender) {
      return sender instanceof AFUNIXSocketAddress unix && unix.getPathAsBytes() != null
          ? UnixAddress.of(new String(unix.getPathAsBytes(), StandardCharsets.UTF_8))
          : UnixAddress.UNNAMED;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
