package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import socketserver.fixture.Child;

/** What is io_uring's alone. */
@EnabledIfSystemProperty(
    named = "socketserver.tests.io_uring",
    matches = "true",
    disabledReason = "-Dsocketserver.tests.io_uring=true runs it, and the contracts over io_uring")
class IoUringTest {
  @Test
  void acceptingWithoutALimitIsReported() throws Exception {
    List<String> options =
        List.of(
            "-D" + Mechanism.PROPERTY + "=io_uring",
            "-Dio.netty.iouring.acceptMultiShotEnabled=true");
    try (Child child = Child.start(ProcessContractTest.Forgetful.class, options)) {
      child.awaitEnd();
      assertTrue(child.output().contains("acceptMultiShotEnabled=false"), child.output());
    }
  }
}
