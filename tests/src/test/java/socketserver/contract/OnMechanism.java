package socketserver.contract;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Runs the tests in it with one mechanism, and checks that they leave nothing of it behind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnMechanism {
  final Mechanism mechanism;

  OnMechanism(Mechanism mechanism) {
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

  /** TCP connections that the library accepted. */
  Setting accepted() {
    return new Setting(mechanism, new Tcp(), true);
  }

  /** TCP connections that the library made. */
  Setting connected() {
    return new Setting(mechanism, new Tcp(), false);
  }
}
