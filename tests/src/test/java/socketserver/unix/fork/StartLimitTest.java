package socketserver.unix.fork;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the pools of a process share the children that may start at the same time. */
class StartLimitTest {
  private final StartLimit limit = new StartLimit(1);
  private final List<String> woken = new ArrayList<>();
  private final Runnable busy = () -> woken.add("busy");
  private final Runnable patient = () -> woken.add("patient");

  @Test
  void whoWasRefusedIsWokenWhenAChildHasStarted() {
    assertTrue(limit.tryStart(busy));
    assertFalse(limit.tryStart(patient));
    assertEquals(List.of(), woken);
    limit.ended();
    assertEquals(List.of("patient"), woken);
    assertTrue(limit.tryStart(patient));
  }

  @Test
  void whoHasWaitedLongestIsNext() {
    assertTrue(limit.tryStart(busy));
    assertFalse(limit.tryStart(patient));
    limit.ended();
    assertFalse(limit.tryStart(busy));
    assertTrue(limit.tryStart(patient));
    limit.ended();
    assertEquals(List.of("patient", "busy"), woken);
    assertTrue(limit.tryStart(busy));
  }

  @Test
  void whoNoLongerWantsToStartKeepsNobodyWaiting() {
    assertTrue(limit.tryStart(busy));
    assertFalse(limit.tryStart(patient));
    limit.ended();
    assertFalse(limit.tryStart(busy));
    woken.clear();
    limit.withdraw(patient);
    assertEquals(List.of("busy"), woken);
    assertTrue(limit.tryStart(busy));
  }
}
