package socketserver.diesel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static socketserver.diesel.Diesel.fire;
import static socketserver.diesel.Diesel.first;
import static socketserver.diesel.Diesel.fork;
import static socketserver.diesel.Diesel.forkChild;
import static socketserver.diesel.Diesel.sleep;
import static socketserver.diesel.Diesel.waitFor;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.fixture.Bounds;
import socketserver.fixture.Strategy;

/** What becomes of what was given to a loop that never gets it. */
@ParameterizedClass(name = "{0}")
@EnumSource(Strategy.class)
class WaiterTest extends LoopsTest {
  WaiterTest(Strategy strategy) {
    super(strategy);
  }

  /** Gives what is fired, and knows what it has got back. */
  private static final class Giver implements Waiter {
    final List<Object> takenBack = new ArrayList<>();

    @Override
    public void takeBack(Object given) {
      takenBack.add(given);
    }
  }

  @Test
  void whatALoopIsGivenThatDiesBeforeItsTurnIsTakenBack() throws Exception {
    Giver giver = new Giver();
    run(
        () -> {
          for (boolean alone : new boolean[] {true, false}) {
            fork(
                () -> {
                  forkChild(
                      () -> {
                        if (alone) {
                          waitFor(giver);
                        } else {
                          first(Bounds.NEVER, "other", giver);
                        }
                      });
                  sleep();
                  fire(giver, alone);
                  assertEquals(List.of(), giver.takenBack);
                });
            sleep();
            sleep();
            sleep();

            assertEquals(List.of(alone), giver.takenBack);
            giver.takenBack.clear();
          }
        });
  }

  @Test
  void nothingIsTakenBackOfALoopThatWasGivenNothing() throws Exception {
    Giver giver = new Giver();
    run(
        () -> {
          fork(
              () -> {
                forkChild(() -> first(Bounds.NEVER, "other", giver));
                sleep();
                fire("other");
                fire(giver, "lost");
              });
          sleep();
          sleep();
          sleep();

          assertEquals(List.of(), giver.takenBack);
        });
  }
}
