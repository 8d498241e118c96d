package socketserver.select;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import socketserver.spi.ReadinessSource;

/**
 * What a thread selects on: registrations that stay from one call of select to the next, of which
 * only the differences are told to the system. For one thread.
 */
final class Interests {
  /** As Linux maps what it knows to the three lists of select(2). */
  private static final int READABLE =
      ReadinessSource.IN | ReadinessSource.HUP | ReadinessSource.ERR;

  private static final int WRITABLE = ReadinessSource.OUT | ReadinessSource.ERR;
  private static final int EXCEPTIONAL = ReadinessSource.PRI;

  /** What is wanted of a descriptor. */
  private static final class Interest {
    final Selectable fileobj;

    /** What it is registered for; 0 before. */
    int registered;

    /** What the call that goes on wants. */
    int wanted;

    /** What is ready. */
    int ready;

    Interest(Selectable fileobj) {
      this.fileobj = fileobj;
    }
  }

  /** Another one after an Error, which may have left this one half changed. */
  private EventPoll poll = EventPoll.ofSelect();

  private final Map<Integer, Interest> interests = new HashMap<>();

  Selected select(
      List<? extends Selectable> rlist,
      List<? extends Selectable> wlist,
      List<? extends Selectable> xlist,
      long nanos)
      throws IOException {
    boolean whole = false;
    try {
      Selected selected = selectWhole(rlist, wlist, xlist, nanos);
      whole = true;
      return selected;
    } catch (IOException | RuntimeException e) {
      whole = true;
      throw e;
    } finally {
      if (!whole) {
        startAnew();
      }
    }
  }

  private void startAnew() {
    EventPoll broken = poll;
    poll = EventPoll.ofSelect();
    interests.clear();
    broken.close();
  }

  private Selected selectWhole(
      List<? extends Selectable> rlist,
      List<? extends Selectable> wlist,
      List<? extends Selectable> xlist,
      long nanos)
      throws IOException {
    for (Interest interest : interests.values()) {
      interest.wanted = 0;
      interest.ready = 0;
    }
    want(rlist, ReadinessSource.IN);
    want(wlist, ReadinessSource.OUT);
    want(xlist, EXCEPTIONAL);
    register();
    List<PollEvent> events = poll.poll(nanos, Integer.MAX_VALUE);
    if (events.isEmpty()) {
      return new Selected(List.of(), List.of(), List.of());
    }
    for (PollEvent event : events) {
      Interest interest = interests.get(event.fd());
      if (interest != null) {
        interest.ready = event.events();
      }
    }
    return new Selected(ready(rlist, READABLE), ready(wlist, WRITABLE), ready(xlist, EXCEPTIONAL));
  }

  private void want(List<? extends Selectable> list, int event) throws IOException {
    for (Selectable fileobj : list) {
      int number = fileobj.fileno();
      if (number < 0) {
        throw new IllegalArgumentException(
            "file descriptor cannot be a negative integer (-1), it is closed: " + fileobj);
      }
      Interest interest = interests.get(number);
      if (interest == null || interest.wanted == 0 && interest.fileobj != fileobj) {
        interest = replace(number, interest, fileobj);
      }
      interest.wanted |= event;
    }
  }

  /** Another socket has this number now, or what is asked for is a reader of it. */
  private Interest replace(int number, Interest before, Selectable fileobj) throws IOException {
    if (before != null) {
      poll.discard(before.fileobj, number);
    }
    Interest interest = new Interest(fileobj);
    interests.put(number, interest);
    return interest;
  }

  /** Tells the differences. */
  private void register() throws IOException {
    Iterator<Map.Entry<Integer, Interest>> all = interests.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Integer, Interest> entry = all.next();
      Interest interest = entry.getValue();
      if (interest.wanted == 0) {
        poll.discard(interest.fileobj, entry.getKey());
        all.remove();
      } else if (interest.wanted != interest.registered) {
        poll.registerOrModify(interest.fileobj, interest.wanted);
        interest.registered = interest.wanted;
      }
    }
  }

  private List<Selectable> ready(List<? extends Selectable> list, int events) {
    List<Selectable> ready = new ArrayList<>();
    for (Selectable fileobj : list) {
      Interest interest = interests.get(fileobj.fileno());
      if (interest != null && (interest.ready & events) != 0) {
        ready.add(fileobj);
      }
    }
    return ready;
  }
}
