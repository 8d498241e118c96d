package socketserver.netty.ground;

import static socketserver.SocketConstants.*;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.MembershipKey;
import java.nio.channels.MulticastChannel;
import java.nio.channels.NetworkChannel;
import java.util.Arrays;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/** The options of a socket of the JDK's: the numbers that Java has a name for. */
public record NioOptions(NetworkChannel channel) implements Options {
  private record Number(int level, int name) {}

  private static final Map<Number, SocketOption<?>> NAMES =
      Map.ofEntries(
          entry(SOL_SOCKET, SO_REUSEADDR, StandardSocketOptions.SO_REUSEADDR),
          entry(SOL_SOCKET, SO_REUSEPORT, StandardSocketOptions.SO_REUSEPORT),
          entry(SOL_SOCKET, SO_BROADCAST, StandardSocketOptions.SO_BROADCAST),
          entry(SOL_SOCKET, SO_SNDBUF, StandardSocketOptions.SO_SNDBUF),
          entry(SOL_SOCKET, SO_RCVBUF, StandardSocketOptions.SO_RCVBUF),
          entry(SOL_SOCKET, SO_KEEPALIVE, StandardSocketOptions.SO_KEEPALIVE),
          entry(SOL_SOCKET, SO_LINGER, StandardSocketOptions.SO_LINGER),
          entry(IPPROTO_TCP, TCP_NODELAY, StandardSocketOptions.TCP_NODELAY),
          entry(IPPROTO_TCP, TCP_QUICKACK, ExtendedSocketOptions.TCP_QUICKACK),
          entry(IPPROTO_TCP, TCP_KEEPIDLE, ExtendedSocketOptions.TCP_KEEPIDLE),
          entry(IPPROTO_TCP, TCP_KEEPINTVL, ExtendedSocketOptions.TCP_KEEPINTERVAL),
          entry(IPPROTO_TCP, TCP_KEEPCNT, ExtendedSocketOptions.TCP_KEEPCOUNT),
          entry(IPPROTO_IP, IP_TOS, StandardSocketOptions.IP_TOS),
          entry(IPPROTO_IP, IP_MULTICAST_TTL, StandardSocketOptions.IP_MULTICAST_TTL),
          entry(IPPROTO_IP, IP_MULTICAST_LOOP, StandardSocketOptions.IP_MULTICAST_LOOP));

  private static Map.Entry<Number, SocketOption<?>> entry(
      int level, int name, SocketOption<?> option) {
    return Map.entry(new Number(level, name), option);
  }

  @Override
  public void set(int level, int name, int value) throws IOException {
    if (level == SOL_SOCKET && name == SO_LINGER) {
      setOption(StandardSocketOptions.SO_LINGER, value, level, name);
      return;
    }
    SocketOption<?> option = option(level, name);
    if (option.type() == Boolean.class) {
      setOption(cast(option, Boolean.class), value != 0, level, name);
    } else {
      setOption(cast(option, Integer.class), value, level, name);
    }
  }

  @Override
  public void set(int level, int name, byte[] value) throws IOException {
    if (level == IPPROTO_IP && (name == IP_ADD_MEMBERSHIP || name == IP_DROP_MEMBERSHIP)) {
      membership(name == IP_ADD_MEMBERSHIP, value);
    } else if (level == SOL_SOCKET && name == SO_LINGER && value.length == 8) {
      ByteBuffer linger = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
      boolean on = linger.getInt() != 0;
      set(level, name, on ? linger.getInt() : -1);
    } else if (value.length == 4) {
      set(level, name, ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt());
    } else {
      throw unknown(level, name);
    }
  }

  @Override
  public int get(int level, int name) throws IOException {
    int value = number(level, name);
    return level == SOL_SOCKET && name == SO_LINGER ? (value < 0 ? 0 : 1) : value;
  }

  private int number(int level, int name) throws IOException {
    Object value = value(option(level, name), level, name);
    return value instanceof Boolean on ? (on ? 1 : 0) : (Integer) value;
  }

  @Override
  public byte[] get(int level, int name, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
    int value = number(level, name);
    if (level == SOL_SOCKET && name == SO_LINGER) {
      bytes.putInt(value < 0 ? 0 : 1).putInt(Math.max(value, 0));
    } else {
      bytes.putInt(value);
    }
    return Arrays.copyOf(bytes.array(), Math.min(length, bytes.position()));
  }

  private <T> void setOption(SocketOption<T> option, T value, int level, int name)
      throws IOException {
    check();
    try {
      channel.setOption(option, value);
    } catch (UnsupportedOperationException e) {
      throw unknown(level, name);
    } catch (IOException | IllegalArgumentException e) {
      throw refused(level, name, e);
    }
  }

  private <T> T value(SocketOption<T> option, int level, int name) throws IOException {
    check();
    try {
      return channel.getOption(option);
    } catch (UnsupportedOperationException e) {
      throw unknown(level, name);
    } catch (IOException e) {
      throw refused(level, name, e);
    }
  }

  private void membership(boolean join, byte[] request) throws IOException {
    if (!(channel instanceof MulticastChannel groups) || request.length < 8) {
      throw unknown(IPPROTO_IP, IP_ADD_MEMBERSHIP);
    }
    InetAddress group = InetAddress.getByAddress(Arrays.copyOf(request, 4));
    InetAddress local = InetAddress.getByAddress(Arrays.copyOfRange(request, 4, 8));
    NetworkInterface on =
        local.isAnyLocalAddress()
            ? NetworkInterface.networkInterfaces().findFirst().orElseThrow()
            : NetworkInterface.getByInetAddress(local);
    try {
      // who has joined gets the key that there is
      MembershipKey key = groups.join(group, on);
      if (!join) {
        key.drop();
      }
    } catch (IOException | RuntimeException e) {
      throw refused(IPPROTO_IP, IP_ADD_MEMBERSHIP, e);
    }
  }

  private void check() throws IOException {
    if (!channel.isOpen()) {
      throw new SocketException("bad file descriptor: the socket is closed");
    }
  }

  private static SocketOption<?> option(int level, int name) throws IOException {
    SocketOption<?> option = NAMES.get(new Number(level, name));
    if (option == null) {
      throw unknown(level, name);
    }
    return option;
  }

  @SuppressWarnings("unchecked") // the type was compared by the caller
  private static <T> SocketOption<T> cast(SocketOption<?> option, Class<T> type) {
    return (SocketOption<T>) option;
  }

  private static SocketException unknown(int level, int name) {
    return new SocketException(
        "nio knows no option " + name + " of level " + level + ": use the epoll transport");
  }

  private static SocketException refused(int level, int name, Throwable cause) {
    SocketException error =
        new SocketException(
            "cannot use option " + name + " of level " + level + ": " + cause.getMessage());
    error.initCause(cause);
    return error;
  }
}
