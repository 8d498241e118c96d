package socketserver.multiplexing;

import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.contract.Mechanism;

/** Connections of every kind, over epoll and over the JDK's selectors. */
class StreamReadinessTest {
  /** The JDK's selectors have no Unix sockets; its sockets of IPv6 are those of IPv4. */
  static Stream<Arguments> plain() {
    return Stream.concat(
        Stream.of(Ends.Kind.values())
            .filter(kind -> kind != Ends.Kind.TLS_ACCEPTED)
            .map(kind -> Arguments.of(Mechanism.EPOLL, kind)),
        Stream.of(Ends.Kind.TCP_ACCEPTED, Ends.Kind.TCP_CONNECTED, Ends.Kind.TCP_AFTER_WAITING)
            .map(kind -> Arguments.of(Mechanism.NIO, kind)));
  }

  @Nested
  @ParameterizedClass
  @MethodSource("socketserver.multiplexing.StreamReadinessTest#plain")
  class Plain extends PlainReadinessContract {
    Plain(Mechanism mechanism, Ends.Kind kind) {
      super(mechanism, kind);
    }
  }

  @Nested
  @ParameterizedClass
  @EnumSource(names = {"EPOLL", "NIO"})
  class Encrypted extends StreamReadinessContract {
    Encrypted(Mechanism mechanism) {
      super(mechanism, Ends.Kind.TLS_ACCEPTED);
    }
  }
}
