package socketserver.netty.loop;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import socketserver.netty.ground.ChannelErrors;

/**
 * A descriptor as one of Netty's I/O handlers has it: what is asked about it, and who is told. Each
 * {@link Mechanism} has its own.
 */
abstract class Watched implements IoHandle {
  /** Nothing is asked that the handler would still answer. */
  private static final int UNKNOWN = -1;

  private final IntConsumer listener;

  /** What was asked last. */
  private final AtomicInteger asked = new AtomicInteger(UNKNOWN);

  /** Written once, before anybody asks. */
  private IoRegistration registration;

  /**
   * Makes what is to be registered.
   *
   * @param listener is told what is ready, in the bits of {@link Readiness}, on the handler's
   *     thread
   */
  Watched(IntConsumer listener) {
    this.listener = listener;
  }

  /** The handler has taken this. */
  final void registered(IoRegistration with) {
    registration = with;
  }

  /** Asks the handler about events, or about none. */
  abstract void submit(IoRegistration with, int events);

  /** What the handler has to say; on its thread. */
  abstract int events(IoRegistration with, IoEvent event);

  /** Whether the handler tells once for each time that it is asked. */
  boolean tellsOnce() {
    return false;
  }

  /** Whether the handler hears in its next turn alone what it is asked. */
  boolean isHeardLate() {
    return false;
  }

  /** Whether the handler forgets it in its next turn alone, and the system closes it no sooner. */
  boolean isForgottenLate() {
    return false;
  }

  /** Asks about events, or about none, unless that has been asked. One thread at a time. */
  final void ask(int events) throws IOException {
    if (asked.getAndSet(events) == events) {
      return;
    }
    try {
      submit(registration, events);
    } catch (UncheckedIOException e) {
      throw ChannelErrors.failed("cannot wait for a socket", e.getCause());
    }
  }

  @Override
  public final void handle(IoRegistration with, IoEvent event) {
    if (tellsOnce()) {
      asked.set(UNKNOWN);
    }
    listener.accept(events(with, event));
  }

  /** The handler is to forget the descriptor, which is about to be closed. */
  void cancel() {
    forget(registration);
    registration.cancel();
  }

  /** Has the system forget the descriptor now: the handler may do it in a later turn. */
  void forget(IoRegistration with) {}

  /** The descriptor is not the handler's to close. */
  @Override
  public void close() {}
}
