package socketserver;

import static socketserver.SocketConstants.*;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** Java's names for socket options, as the numbers that the system knows. */
final class JavaSocketOptions {
  private record Number(int level, int name) {}

  private static final Map<SocketOption<?>, Number> NUMBERS =
      Map.ofEntries(
          Map.entry(StandardSocketOptions.SO_BROADCAST, new Number(SOL_SOCKET, SO_BROADCAST)),
          Map.entry(StandardSocketOptions.SO_KEEPALIVE, new Number(SOL_SOCKET, SO_KEEPALIVE)),
          Map.entry(StandardSocketOptions.SO_SNDBUF, new Number(SOL_SOCKET, SO_SNDBUF)),
          Map.entry(StandardSocketOptions.SO_RCVBUF, new Number(SOL_SOCKET, SO_RCVBUF)),
          Map.entry(StandardSocketOptions.SO_REUSEADDR, new Number(SOL_SOCKET, SO_REUSEADDR)),
          Map.entry(StandardSocketOptions.SO_REUSEPORT, new Number(SOL_SOCKET, SO_REUSEPORT)),
          Map.entry(StandardSocketOptions.SO_LINGER, new Number(SOL_SOCKET, SO_LINGER)),
          Map.entry(StandardSocketOptions.TCP_NODELAY, new Number(IPPROTO_TCP, TCP_NODELAY)),
          Map.entry(StandardSocketOptions.IP_TOS, new Number(IPPROTO_IP, IP_TOS)),
          Map.entry(
              StandardSocketOptions.IP_MULTICAST_TTL, new Number(IPPROTO_IP, IP_MULTICAST_TTL)),
          Map.entry(
              StandardSocketOptions.IP_MULTICAST_LOOP, new Number(IPPROTO_IP, IP_MULTICAST_LOOP)));

  private JavaSocketOptions() {}

  static <T> void set(BaseSocket socket, SocketOption<T> option, T value) throws IOException {
    Number number = number(option);
    if (value == null) {
      throw new NullPointerException("value of " + option.name() + " is null");
    }
    if (option == StandardSocketOptions.SO_LINGER) {
      int seconds = (Integer) value;
      ByteBuffer linger = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
      linger.putInt(seconds < 0 ? 0 : 1).putInt(Math.max(seconds, 0));
      socket.setsockopt(number.level, number.name, linger.array());
    } else if (value instanceof Boolean on) {
      socket.setsockopt(number.level, number.name, on);
    } else {
      socket.setsockopt(number.level, number.name, ((Integer) value).intValue());
    }
  }

  static <T> T get(BaseSocket socket, SocketOption<T> option) throws IOException {
    Number number = number(option);
    Object value;
    if (option == StandardSocketOptions.SO_LINGER) {
      ByteBuffer linger =
          ByteBuffer.wrap(socket.getsockopt(number.level, number.name, 8))
              .order(ByteOrder.nativeOrder());
      boolean on = linger.getInt() != 0;
      value = on ? linger.getInt() : -1;
    } else {
      int read = socket.getsockopt(number.level, number.name);
      value = option.type() == Boolean.class ? (Object) (read != 0) : (Object) read;
    }
    return option.type().cast(value);
  }

  private static Number number(SocketOption<?> option) {
    Number number = NUMBERS.get(option);
    if (number == null) {
      throw new IllegalArgumentException(
          "unknown socket option: " + option + "; give its level and number instead");
    }
    return number;
  }
}
