package socketserver.contract;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;

/** Runs a contract on one ground after the other, and checks that it leaves nothing behind. */
@Timeout(60)
abstract class OnGround {
  /** What a contract is run with. */
  interface Setting {
    Ground ground();
  }

  final Opened opened = new Opened();
  final Ground ground;

  @RegisterExtension final InHandler inHandler;

  OnGround(Ground ground) {
    this.ground = ground;
    this.inHandler = new InHandler(ground.strategy);
  }

  @BeforeParameterizedClassInvocation
  static void choose(ArgumentsAccessor arguments) {
    arguments.get(0, Setting.class).ground().choose();
  }

  @AfterParameterizedClassInvocation
  static void leave(ArgumentsAccessor arguments) {
    arguments.get(0, Setting.class).ground().leave();
  }

  @AfterEach
  void closeAndLeaveNothing() throws Exception {
    opened.close();
    Remains.awaitNoEngine();
  }
}
