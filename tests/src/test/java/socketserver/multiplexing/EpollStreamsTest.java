package socketserver.multiplexing;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import socketserver.contract.Mechanism;

/** Connections of every kind, over epoll. */
class EpollStreamsTest {
  @BeforeAll
  static void choose() {
    Mechanism.EPOLL.choose();
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
  class Tcp6Accepted extends PlainReadinessContract {
    Tcp6Accepted() {
      super(Ends.Kind.TCP6_ACCEPTED);
    }
  }

  @Nested
  class UnixAccepted extends PlainReadinessContract {
    UnixAccepted() {
      super(Ends.Kind.UNIX_ACCEPTED);
    }
  }

  @Nested
  class UnixConnected extends PlainReadinessContract {
    UnixConnected() {
      super(Ends.Kind.UNIX_CONNECTED);
    }
  }

  @Nested
  class TcpAfterWaiting extends PlainReadinessContract {
    TcpAfterWaiting() {
      super(Ends.Kind.TCP_AFTER_WAITING);
    }
  }

  @Nested
  class UnixAfterWaiting extends PlainReadinessContract {
    UnixAfterWaiting() {
      super(Ends.Kind.UNIX_AFTER_WAITING);
    }
  }

  @Nested
  class TlsAccepted extends StreamReadinessContract {
    TlsAccepted() {
      super(Ends.Kind.TLS_ACCEPTED);
    }
  }
}
