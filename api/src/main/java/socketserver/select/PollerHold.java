package socketserver.select;

import socketserver.spi.Hold;
import socketserver.spi.Poller;

/** Closes the poller of an {@link EventPoll} that nobody has any more. Refers to nothing else. */
final class PollerHold extends Hold<EventPoll> {
  private final Poller poller;

  PollerHold(EventPoll poll, Poller poller) {
    super(poll);
    this.poller = poller;
    begin();
  }

  @Override
  protected void forgotten() {
    poller.close();
  }

  /** The poll itself closes the poller. */
  void close() {
    drop();
    poller.close();
  }
}
