package socketserver.multiplexing;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import socketserver.contract.Mechanism;

/** Connections of every kind that there is over the JDK's selectors. */
class NioStreamsTest {
  @BeforeAll
  static void choose() {
    Mechanism.NIO.choose();
  }

  @AfterAll
  static void leave() {
    Mechanism.leave();
  }

  @Nested
  class TcpAccepted extends PlainReadinessContract {
    TcpAccepted() {
      super(Ends.Kind.TCP_ACCEPTED);
    }
  }

  @Nested
  class TcpConnected extends PlainReadinessContract {
    TcpConnected() {
      super(Ends.Kind.TCP_CONNECTED);
    }
  }

  @Nested
  class TcpAfterWaiting extends PlainReadinessContract {
    TcpAfterWaiting() {
      super(Ends.Kind.TCP_AFTER_WAITING);
    }
  }

  @Nested
  class TlsAccepted extends StreamReadinessContract {
    TlsAccepted() {
      super(Ends.Kind.TLS_ACCEPTED);
    }
  }
}
