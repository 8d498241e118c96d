package socketserver.unix;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import socketserver.SocketConstants;
import socketserver.netty.ground.Options;

/** The options of a Unix socket of the JDK's: the sizes of its buffers. */
final class JdkUnixOptions implements Options {
  private final NetworkChannel channel;

  /** Means nothing to a Unix socket, but is read back as it was set. */
  private volatile int reuseAddress;

  JdkUnixOptions(NetworkChannel channel) {
    this.channel = channel;
  }

  @Override
  public void set(int level, int name, int value) throws IOException {
    if (is(level, name, SocketConstants.SO_REUSEADDR)) {
      reuseAddress = value;
    } else {
      channel.setOption(size(level, name), value);
    }
  }

  @Override
  public void set(int level, int name, byte[] value) throws IOException {
    throw unknown(level, name);
  }

  @Override
  public int get(int level, int name) throws IOException {
    return is(level, name, SocketConstants.SO_REUSEADDR)
        ? reuseAddress
        : channel.getOption(size(level, name));
  }

  @Override
  public byte[] get(int level, int name, int length) throws IOException {
    throw unknown(level, name);
  }

  private static boolean is(int level, int name, int option) {
    return level == SocketConstants.SOL_SOCKET && name == option;
  }

  private SocketOption<Integer> size(int level, int name) throws SocketException {
    if (is(level, name, SocketConstants.SO_RCVBUF)) {
      return StandardSocketOptions.SO_RCVBUF;
    }
    if (is(level, name, SocketConstants.SO_SNDBUF)
        && channel.supportedOptions().contains(StandardSocketOptions.SO_SNDBUF)) {
      return StandardSocketOptions.SO_SNDBUF;
    }
    throw unknown(level, name);
  }

  private static SocketException unknown(int level, int name) {
    return new SocketException(
        "unknown option " + name + " of level " + level + " for a unix socket of the JDK's");
  }
}
