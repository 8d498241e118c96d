package socketserver.diesel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.diesel.Diesel.first;
import static socketserver.diesel.Diesel.fork;
import static socketserver.diesel.Diesel.forkChild;
import static socketserver.diesel.Diesel.sleep;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.fixture.Bounds;
import socketserver.fixture.Strategy;

/** Each item goes to all that have subscribed. */
@ParameterizedClass(name = "{0}")
@EnumSource(Strategy.class)
class FanoutTest extends LoopsTest {
  private final Fanout<Integer> fanout = new Fanout<>();

  FanoutTest(Strategy strategy) {
    super(strategy);
  }

  @Test
  void allWhoHaveSubscribedGetAllThatIsPublishedInOrder() throws Exception {
    int subscribers = 10;
    int items = 10;
    List<List<Integer>> got = new ArrayList<>();
    Countdown done = new Countdown(subscribers);
    run(
        () -> {
          for (int i = 0; i < subscribers; i++) {
            List<Integer> own = new ArrayList<>();
            got.add(own);
            fork(
                () -> {
                  try (var queue = fanout.sub()) {
                    for (int item = 0; item < items; item++) {
                      own.add(queue.get());
                    }
                  }
                  done.tick();
                });
          }
          sleep();
          assertEquals(subscribers, fanout.subs());
          for (int item = 0; item < items; item++) {
            fanout.pub(item);
          }
          done.waitFor(Bounds.WAIT);
          assertEquals(0, fanout.subs());
        });

    for (List<Integer> own : got) {
      assertEquals(IntStream.range(0, items).boxed().toList(), own);
    }
  }

  @Test
  void whatIsPublishedBeforeOrAfterASubscriptionIsNotOnItsQueue() throws Exception {
    run(
        () -> {
          fanout.pub(1);
          var subscription = fanout.sub();
          fanout.pub(2);
          subscription.close();
          subscription.close();
          fanout.pub(3);

          assertEquals(2, subscription.get());
          assertTrue(subscription.isEmpty());
        });
  }

  @Test
  void aSubscriptionCanBeWaitedForBesideOtherThings() throws Exception {
    run(
        () -> {
          try (var one = fanout.sub();
              var other = fanout.sub()) {
            fork(() -> fanout.pub(7));

            assertEquals(new Fired(other, 7), first(Bounds.NEVER, "never", other));
            assertEquals(7, one.get());
          }
        });
  }

  @Test
  void aLoopThatDiesHasSubscribedNoMore() throws Exception {
    run(
        () -> {
          fork(
              () -> {
                forkChild(
                    () -> {
                      try (var queue = fanout.sub()) {
                        queue.get();
                      }
                    });
                sleep();
                assertEquals(1, fanout.subs());
              });
          sleep();
          sleep();
          sleep();

          assertEquals(0, fanout.subs());
        });
  }

  @Test
  void onlyLoopsPublishAndSubscribe() {
    assertThrows(IllegalStateException.class, () -> fanout.pub(1));
    assertThrows(IllegalStateException.class, fanout::sub);
    assertEquals(0, fanout.subs());
  }
}
