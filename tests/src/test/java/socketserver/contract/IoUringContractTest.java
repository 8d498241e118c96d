package socketserver.contract;

import org.junit.jupiter.api.Nested;

/** The contract over io_uring. */
class IoUringContractTest extends OnMechanism {
  IoUringContractTest() {
    super(Mechanism.IO_URING);
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
      super(Mechanism.IO_URING);
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
      super(Mechanism.IO_URING);
    }
  }

  @Nested
  class Servers extends ServerContract {
    Servers() {
      super(Mechanism.IO_URING);
    }
  }

  @Nested
  class Processes extends ProcessContract {
    Processes() {
      super(Mechanism.IO_URING);
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
