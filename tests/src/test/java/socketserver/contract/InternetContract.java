package socketserver.contract;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/** All that sockets of the internet promise, whatever mechanism they run with. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InternetContract {
  private final Mechanism mechanism;

  InternetContract(Mechanism mechanism) {
    this.mechanism = mechanism;
  }

  @BeforeAll
  void chooseMechanism() {
    mechanism.choose();
  }

  @AfterAll
  void leaveMechanism() {
    Mechanism.leave();
  }

  private Setting setting(boolean accepted) {
    return new Setting(mechanism, new Tcp(), accepted);
  }

  @Nested
  class AcceptedStream extends StreamContract {
    @Override
    Setting setting() {
      return InternetContract.this.setting(true);
    }
  }

  @Nested
  class ConnectedStream extends StreamContract {
    @Override
    Setting setting() {
      return InternetContract.this.setting(false);
    }
  }

  @Nested
  class AcceptedWaiting extends WaitingContract {
    @Override
    Setting setting() {
      return InternetContract.this.setting(true);
    }
  }

  @Nested
  class ConnectedWaiting extends WaitingContract {
    @Override
    Setting setting() {
      return InternetContract.this.setting(false);
    }
  }

  @Nested
  class AcceptedFlow extends FlowContract {
    @Override
    Setting setting() {
      return InternetContract.this.setting(true);
    }
  }

  @Nested
  class ConnectedFlow extends FlowContract {
    @Override
    Setting setting() {
      return InternetContract.this.setting(false);
    }
  }

  @Nested
  class AcceptedHandle extends HandleContract {
    @Override
    Setting setting() {
      return InternetContract.this.setting(true);
    }
  }

  @Nested
  class ConnectedHandle extends HandleContract {
    @Override
    Setting setting() {
      return InternetContract.this.setting(false);
    }
  }

  @Nested
  class AcceptedTcp extends TcpContract {
    @Override
    Setting setting() {
      return InternetContract.this.setting(true);
    }
  }

  @Nested
  class ConnectedTcp extends TcpContract {
    @Override
    Setting setting() {
      return InternetContract.this.setting(false);
    }
  }

  @Nested
  class Connect extends ConnectContract {
    @Override
    Mechanism mechanism() {
      return mechanism;
    }
  }

  @Nested
  class Listener extends ListenerContract {
    @Override
    Setting setting() {
      return InternetContract.this.setting(true);
    }
  }

  @Nested
  class Datagrams extends DatagramContract {
    @Override
    DatagramKind kind() {
      return new Udp();
    }
  }

  @Nested
  class UdpDatagrams extends UdpContract {
    @Override
    Mechanism mechanism() {
      return mechanism;
    }
  }
}
