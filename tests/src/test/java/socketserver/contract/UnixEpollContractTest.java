package socketserver.contract;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract for Unix domain sockets over epoll. */
class UnixEpollContractTest extends OnMechanism {
  @TempDir static Path folder;

  UnixEpollContractTest() {
    super(Mechanism.EPOLL);
  }

  @Override
  Setting accepted() {
    return new Setting(mechanism, new UnixStreams(folder), true);
  }

  @Override
  Setting connected() {
    return new Setting(mechanism, new UnixStreams(folder), false);
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
  class AcceptedHandle extends HandleContract {
    AcceptedHandle() {
      super(accepted());
    }
  }

  @Nested
  class ConnectedHandle extends HandleContract {
    ConnectedHandle() {
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
  class Datagrams extends DatagramContract {
    Datagrams() {
      super(new UnixDatagrams(folder));
    }
  }

  @Nested
  class AdoptedStream extends StreamContract {
    AdoptedStream() {
      super(adopted());
    }
  }

  @Nested
  class AdoptedWaiting extends WaitingContract {
    AdoptedWaiting() {
      super(adopted());
    }
  }

  @Nested
  class AdoptedFlow extends FlowContract {
    AdoptedFlow() {
      super(adopted());
    }
  }

  @Nested
  class AdoptedHandle extends HandleContract {
    AdoptedHandle() {
      super(adopted());
    }
  }

  @Nested
  class AcceptedHandOver extends HandOverContract {
    AcceptedHandOver() {
      super(accepted());
    }
  }

  @Nested
  class ConnectedHandOver extends HandOverContract {
    ConnectedHandOver() {
      super(connected());
    }
  }

  @Nested
  class AdoptedHandOver extends HandOverContract {
    AdoptedHandOver() {
      super(adopted());
    }
  }

  private Setting adopted() {
    return new Setting(mechanism, new AdoptedUnixStreams(folder), true);
  }

  @Nested
  class PipelinedDatagrams extends DatagramContract {
    PipelinedDatagrams() {
      super(new PipelinedUnixDatagrams(folder));
    }
  }

  @Nested
  class DatagramPipeline extends DatagramPipelineContract {
    DatagramPipeline() {
      super(new UnixDatagrams(folder));
    }
  }

  @Nested
  class AdoptedDatagrams extends DatagramContract {
    AdoptedDatagrams() {
      super(new AdoptedUnixDatagrams(folder));
    }
  }

  @Nested
  class DatagramCopies extends DatagramCopyContract {
    DatagramCopies() {
      super(new UnixDatagrams(folder));
    }
  }
}
