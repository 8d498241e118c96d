package socketserver.contract;

import org.junit.jupiter.api.Nested;

/** The contract over epoll. */
class EpollContractTest extends OnMechanism {
  EpollContractTest() {
    super(Mechanism.EPOLL);
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
  class AcceptedTcp extends TcpContract {
    AcceptedTcp() {
      super(accepted());
    }
  }

  @Nested
  class ConnectedTcp extends TcpContract {
    ConnectedTcp() {
      super(connected());
    }
  }

  @Nested
  class Connect extends ConnectContract {
    Connect() {
      super(Mechanism.EPOLL);
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
  class Servers extends ServerContract {
    Servers() {
      super(Mechanism.EPOLL);
    }
  }

  @Nested
  class Processes extends ProcessContract {
    Processes() {
      super(Mechanism.EPOLL);
    }
  }

  @Nested
  class DeferredStream extends StreamContract {
    DeferredStream() {
      super(deferred());
    }
  }

  @Nested
  class DeferredWaiting extends WaitingContract {
    DeferredWaiting() {
      super(deferred());
    }
  }

  @Nested
  class DeferredFlow extends FlowContract {
    DeferredFlow() {
      super(deferred());
    }
  }

  @Nested
  class DeferredHandle extends HandleContract {
    DeferredHandle() {
      super(deferred());
    }
  }

  @Nested
  class DeferredTcpStream extends TcpContract {
    DeferredTcpStream() {
      super(deferred());
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
  class AdoptedTcpStream extends TcpContract {
    AdoptedTcpStream() {
      super(adopted());
    }
  }

  @Nested
  class DeferredListener extends ListenerContract {
    DeferredListener() {
      super(deferred());
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
  class DeferredHandOver extends HandOverContract {
    DeferredHandOver() {
      super(deferred());
    }
  }

  @Nested
  class AdoptedHandOver extends HandOverContract {
    AdoptedHandOver() {
      super(adopted());
    }
  }

  private Setting deferred() {
    return new Setting(mechanism, new DeferredTcp(), true);
  }

  private Setting adopted() {
    return new Setting(mechanism, new AdoptedTcp(), true);
  }

  @Nested
  class PipelinedDatagrams extends DatagramContract {
    PipelinedDatagrams() {
      super(new PipelinedUdp());
    }
  }

  @Nested
  class DatagramPipeline extends DatagramPipelineContract {
    DatagramPipeline() {
      super(new Udp());
    }
  }

  @Nested
  class AdoptedDatagrams extends DatagramContract {
    AdoptedDatagrams() {
      super(new AdoptedUdp());
    }
  }

  @Nested
  class DatagramCopies extends DatagramCopyContract {
    DatagramCopies() {
      super(new Udp());
    }
  }

  @Nested
  class Deferred extends DeferredContract {
    Deferred() {
      super(deferred());
    }
  }

  @Nested
  class AdoptedUnused extends DeferredContract {
    AdoptedUnused() {
      super(adopted());
    }
  }
}
