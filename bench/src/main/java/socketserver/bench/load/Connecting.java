package socketserver.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Connects to a server: TCP with small writes sent at once, or a Unix stream socket. */
final class Connecting {
  private Connecting() {}

  /** A blocking channel that is connected. */
  static SocketChannel connect(Target target) throws IOException {
    SocketChannel channel = open(target);
    CompletableFuture<Void> connected =
        new CompletableFuture<Void>().orTimeout(Waiting.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    // no connect of the JDK's has a limit that holds for both kinds of address
    connected.exceptionally(
        tooLate -> {
          close(channel);
          return null;
        });
    try {
      channel.connect(address(target));
      return channel;
    } catch (AsynchronousCloseException e) {
      throw Waiting.tooLong("no connection to " + target);
    } catch (IOException e) {
      close(channel);
      throw new IOException("cannot connect to " + target + ": " + e.getMessage(), e);
    } finally {
      connected.complete(null);
    }
  }

  /** A channel that is not connected yet. */
  static SocketChannel open(Target target) throws IOException {
    if (target.path() != null) {
      return SocketChannel.open(StandardProtocolFamily.UNIX);
    }
    SocketChannel channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return channel;
  }

  static SocketAddress address(Target target) {
    return target.path() == null
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port())
        : UnixDomainSocketAddress.of(target.path());
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // it was of no use anyway
    }
  }
}
