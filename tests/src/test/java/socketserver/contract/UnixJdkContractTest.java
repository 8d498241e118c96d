package socketserver.contract;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract for Unix stream sockets where there is no epoll: the JDK's own. Of options they know
 * the sizes of the buffers alone, so the contract of the handle is not asked of them.
 */
class UnixJdkContractTest extends OnMechanism {
  @TempDir static Path folder;

  UnixJdkContractTest() {
    super(Mechanism.NIO);
  }

  @Override
  Setting accepted() {
    return new Setting(mechanism, new JdkStreams(folder), true);
  }

  @Override
  Setting connected() {
    return new Setting(mechanism, new JdkStreams(folder), false);
  }

  @Nested
  class AcceptedStream extends StreamContract {
    AcceptedStream() {
      super(accepted());
    }
  }

  @Nested
  class ConnectedStream extends StreamContract {
    ConnectedStream() {
      super(connected());
    }
  }

  @Nested
  class AcceptedWaiting extends WaitingContract {
    AcceptedWaiting() {
      super(accepted());
    }
  }

  @Nested
  class ConnectedWaiting extends WaitingContract {
    ConnectedWaiting() {
      super(connected());
    }
  }

  @Nested
  class AcceptedFlow extends FlowContract {
    AcceptedFlow() {
      super(accepted());
    }
  }

  @Nested
  class ConnectedFlow extends FlowContract {
    ConnectedFlow() {
      super(connected());
    }
  }

  @Nested
  class Listener extends ListenerContract {
    Listener() {
      super(accepted());
    }
  }

  @Nested
  class AcceptedHandOver extends NoHandOverContract {
    AcceptedHandOver() {
      super(accepted());
    }
  }

  @Nested
  class ConnectedHandOver extends NoHandOverContract {
    ConnectedHandOver() {
      super(connected());
    }
  }
}
