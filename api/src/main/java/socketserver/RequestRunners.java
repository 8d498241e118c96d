package socketserver;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import socketserver.spi.VirtualThreads;

/** What {@link ThreadingMixIn} gives requests for threads, as a system property says. */
enum RequestRunners {
  PLATFORM(state -> new PlatformThreads()),
  VIRTUAL(state -> virtual(state.onEventLoops.value())),
  EVENTLOOP(state -> LoopRequests.watched(state.slowCallbackDuration.value()));

  private static final String PROPERTY = "socketserver.threading";

  private final Function<MixInState, RequestRunner> constructor;

  RequestRunners(Function<MixInState, RequestRunner> constructor) {
    this.constructor = constructor;
  }

  /** What {@link VirtualThreadingMixIn} gives requests for threads. */
  static RequestRunner virtual(boolean onEventLoops) {
    return VirtualThreads.schedulable() && onEventLoops
        ? LoopRequests.ofConnections()
        : new VirtualRequests();
  }

  /**
   * Refuses a property that names nothing, or what this Java has not.
   *
   * @throws IllegalArgumentException if it names nothing
   * @throws UnsupportedOperationException if this Java has no such threads
   */
  static void check() {
    RequestRunners chosen = chosen();
    if (chosen != PLATFORM) {
      VirtualThreads.check(PROPERTY + "=" + chosen, PROPERTY + "=" + PLATFORM);
    }
  }

  /** Makes what the property names now. */
  static RequestRunner create(MixInState state) {
    check();
    return chosen().constructor.apply(state);
  }

  private static RequestRunners chosen() {
    String name = System.getProperty(PROPERTY, PLATFORM.toString());
    for (RequestRunners each : values()) {
      if (each.toString().equals(name)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "system property "
            + PROPERTY
            + " must be one of "
            + Arrays.stream(values())
                .map(RequestRunners::toString)
                .collect(Collectors.joining(", "))
            + ": "
            + name);
  }

  /** The value of the property that stands for this. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
