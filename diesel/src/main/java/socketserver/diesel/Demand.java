package socketserver.diesel;

import java.nio.charset.StandardCharsets;

/**
 * What is to be read from a connection.
 *
 * @param token what {@link First} calls it
 * @param count how many bytes, if it is a number of them
 * @param sentinel what ends it, or null; the demand's own
 * @param text whether it is given as a text
 */
record Demand(String token, int count, byte[] sentinel, boolean text) {
  static final Demand ANY = new Demand(First.RECEIVE_ANY, 0, null, false);
  static final Demand DATAGRAM = new Demand(First.DATAGRAM, 0, null, false);
  static final Demand LINE = new Demand(First.UNTIL_EOL, 0, new byte[] {'\r', '\n'}, true);

  static Demand bytes(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("cannot receive " + count + " bytes: one at least");
    }
    return new Demand(First.RECEIVE, count, null, false);
  }

  static Demand until(byte[] sentinel) {
    return until(sentinel.clone(), false);
  }

  static Demand until(String sentinel) {
    return until(sentinel.getBytes(StandardCharsets.UTF_8), true);
  }

  private static Demand until(byte[] sentinel, boolean text) {
    if (sentinel.length == 0) {
      throw new IllegalArgumentException("the sentinel is empty");
    }
    return new Demand(First.UNTIL, 0, sentinel, text);
  }
}
