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
  class PipelinedStream extends StreamContract {
    PipelinedStream() {
      super(pipelined());
    }
  }

  @Nested
  class PipelinedWaiting extends WaitingContract {
    PipelinedWaiting() {
      super(pipelined());
    }
  }

  @Nested
  class PipelinedFlow extends FlowContract {
    PipelinedFlow() {
      super(pipelined());
    }
  }

  @Nested
  class PipelinedHandle extends HandleContract {
    PipelinedHandle() {
      super(pipelined());
    }
  }

  @Nested
  class PipelinedTcpStream extends TcpContract {
    PipelinedTcpStream() {
      super(pipelined());
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
  class PipelinedHandOver extends HandOverContract {
    PipelinedHandOver() {
      super(pipelined());
    }
  }

  @Nested
  class AdoptedHandOver extends HandOverContract {
    AdoptedHandOver() {
      super(adopted());
    }
  }

  private Setting pipelined() {
    return new Setting(mechanism, new PipelinedTcp(), true);
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
  class Unused extends UnusedContract {
    Unused() {
      super(accepted());
    }
  }

  @Nested
  class AdoptedUnused extends UnusedContract {
    AdoptedUnused() {
      super(adopted());
    }
  }
}
