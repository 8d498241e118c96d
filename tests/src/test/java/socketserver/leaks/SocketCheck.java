package socketserver.leaks;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import socketserver.contract.Remains;
import socketserver.fixture.Eventually;

/** Fails a test class that has left a socket open: the next one would take it for its own. */
public final class SocketCheck implements AfterAllCallback {
  /** Made by JUnit, before the first test. */
  public SocketCheck() {}

  @Override
  public void afterAll(ExtensionContext context) {
    boolean isNested = context.getParent().flatMap(ExtensionContext::getTestClass).isPresent();
    if (!isNested) {
      Eventually.holds("no test has left a socket open", () -> !Remains.hasEngine());
    }
  }
}
