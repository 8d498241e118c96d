package socketserver.contract;

import java.util.stream.Stream;
import socketserver.fixture.Strategy;

/**
 * What a contract runs on: how the system is asked, and in which threads handlers are.
 *
 * <p>io_uring is among them when somebody asks for it with {@code
 * -Dsocketserver.tests.io_uring=true}: the kernel's io_uring is young, and a machine whose kernel
 * has trouble with it is not to fail the build of everything else.
 */
enum Ground implements OnGround.Setting {
  EPOLL(Mechanism.EPOLL, null),
  NIO(Mechanism.NIO, null),
  IO_URING(Mechanism.IO_URING, null),

  /** The tests are handlers in virtual threads. */
  VIRTUAL(Mechanism.EPOLL, Strategy.VIRTUAL),

  /** The tests are handlers in virtual threads that event loops run. */
  EVENTLOOP(Mechanism.EPOLL, Strategy.EVENTLOOP);

  private static final String THREADING_BEFORE = System.getProperty(Strategy.PROPERTY);

  final Mechanism mechanism;

  /** What runs each test as a handler, or null: it is in a thread that is none of a request. */
  final Strategy strategy;

  Ground(Mechanism mechanism, Strategy strategy) {
    this.mechanism = mechanism;
    this.strategy = strategy;
  }

  static Stream<Ground> all() {
    return Stream.of(values())
        .filter(ground -> ground != IO_URING || Boolean.getBoolean("socketserver.tests.io_uring"));
  }

  /** Those that differ in how the system is asked. */
  static Stream<Ground> mechanisms() {
    return all().filter(ground -> ground.strategy == null);
  }

  @Override
  public Ground ground() {
    return this;
  }

  /** Chooses it for the sockets and servers to come, or skips the tests and says so. */
  void choose() {
    if (strategy != null) {
      strategy.assumeWorksHere();
      System.setProperty(Strategy.PROPERTY, strategy.word());
    }
    mechanism.choose();
  }

  /** Leaves the choice to the library, and to who runs the tests. */
  void leave() {
    if (THREADING_BEFORE == null) {
      System.clearProperty(Strategy.PROPERTY);
    } else {
      System.setProperty(Strategy.PROPERTY, THREADING_BEFORE);
    }
    Mechanism.leave();
  }
}
