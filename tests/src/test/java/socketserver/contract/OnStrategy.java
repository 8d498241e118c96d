package socketserver.contract;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import socketserver.fixture.Strategy;
import socketserver.fixture.WithStrategy;

/** The contract as the handlers see it that a strategy runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnStrategy {
  @TempDir static Path folder;

  @RegisterExtension final InHandler inHandler;

  @RegisterExtension final WithStrategy withStrategy;

  OnStrategy(Strategy strategy) {
    this.withStrategy = new WithStrategy(strategy);
    this.inHandler = new InHandler(strategy);
  }

  @BeforeAll
  void chooseMechanism() {
    Mechanism.EPOLL.choose();
  }

  @AfterAll
  void leaveMechanism() {
    Mechanism.leave();
  }

  private static Setting tcp(boolean accepted) {
    return new Setting(Mechanism.EPOLL, new Tcp(), accepted);
  }

  private static Setting unix(boolean accepted) {
    return new Setting(Mechanism.EPOLL, new UnixStreams(folder), accepted);
  }

  @Nested
  class AcceptedStream extends StreamContract {
    AcceptedStream() {
      super(tcp(true));
    }
  }

  @Nested
  class ConnectedStream extends StreamContract {
    ConnectedStream() {
      super(tcp(false));
    }
  }

  @Nested
  class AcceptedWaiting extends WaitingContract {
    AcceptedWaiting() {
      super(tcp(true));
    }
  }

  @Nested
  class ConnectedWaiting extends WaitingContract {
    ConnectedWaiting() {
      super(tcp(false));
    }
  }

  @Nested
  class AcceptedFlow extends FlowContract {
    AcceptedFlow() {
      super(tcp(true));
    }
  }

  @Nested
  class ConnectedFlow extends FlowContract {
    ConnectedFlow() {
      super(tcp(false));
    }
  }

  @Nested
  class AcceptedHandle extends HandleContract {
    AcceptedHandle() {
      super(tcp(true));
    }
  }

  @Nested
  class AcceptedTcp extends TcpContract {
    AcceptedTcp() {
      super(tcp(true));
    }
  }

  @Nested
  class Datagrams extends DatagramContract {
    Datagrams() {
      super(new Udp());
    }
  }

  @Nested
  class UdpDatagrams extends UdpContract {
    UdpDatagrams() {
      super(Mechanism.EPOLL);
    }
  }

  @Nested
  class AcceptedUnixStream extends StreamContract {
    AcceptedUnixStream() {
      super(unix(true));
    }
  }

  @Nested
  class AcceptedUnixWaiting extends WaitingContract {
    AcceptedUnixWaiting() {
      super(unix(true));
    }
  }

  @Nested
  class AcceptedUnixFlow extends FlowContract {
    AcceptedUnixFlow() {
      super(unix(true));
    }
  }

  @Nested
  class ConnectedUnixWaiting extends WaitingContract {
    ConnectedUnixWaiting() {
      super(unix(false));
    }
  }

  @Nested
  class UnixDatagramSockets extends DatagramContract {
    UnixDatagramSockets() {
      super(new UnixDatagrams(folder));
    }
  }

  @Nested
  class Servers extends ServerContract {
    Servers() {
      super(Mechanism.EPOLL);
    }
  }
}
