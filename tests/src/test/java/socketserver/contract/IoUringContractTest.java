package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import socketserver.fixture.Child;

/**
 * The contract over io_uring, when somebody asks for it: the kernel's io_uring is young, and a
 * machine whose kernel has trouble with it is not to fail the build of everything else.
 */
@EnabledIfSystemProperty(
    named = "socketserver.tests.io_uring",
    matches = "true",
    disabledReason = "-Dsocketserver.tests.io_uring=true runs it")
class IoUringContractTest extends OnMechanism {
  IoUringContractTest() {
    super(Mechanism.IO_URING);
  }

  @Test
  void acceptingWithoutALimitIsReported() throws Exception {
    List<String> options =
        List.of(
            "-D" + Mechanism.PROPERTY + "=io_uring",
            "-Dio.netty.iouring.acceptMultiShotEnabled=true");
    try (Child child = Child.start(ProcessContract.Forgetful.class, options)) {
      child.awaitEnd();
      assertTrue(child.output().contains("acceptMultiShotEnabled=false"), child.output());
    }
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
}
