package socketserver.diesel;

/**
 * What ended a {@link Diesel#first}, as the pair that Python returns.
 *
 * @param token what it was: one of the texts of {@link First}, or the event or {@link Waiter} as it
 *     was given
 * @param value what came of it: true for a sleep, what was received, or the value that was fired,
 *     which may be null
 */
public record Fired(Object token, Object value) {
  /**
   * Tells whether something ended it.
   *
   * @param what one of the texts of {@link First}, an event, or a {@link Waiter}
   * @return true if the token equals that
   */
  public boolean by(Object what) {
    return token.equals(what);
  }
}
