package socketserver.bench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What is to be compared.
 *
 * @param comparison which servers, in what
 * @param rounds how often each takes its turn
 */
record Arguments(Comparison comparison, int rounds) {
  static final String USAGE =
      """
      usage: mvn -q compile exec:exec -pl bench -am [-Dexec.args="[forking] [ROUNDS]"]
        (nothing)  lines over 64 connections that stay
        forking    a connection for each request, a process for each connection
        ROUNDS     how often each server takes its turn: 1 to 99, 5 if not given
      """;

  private static final int ROUNDS = 5;

  enum Comparison {
    HELP,
    LINES,
    FORKING
  }

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException if it cannot be understood; the message says which word
   */
  static Arguments of(String... words) {
    Deque<String> left = new ArrayDeque<>(List.of(words));
    if (left.contains("--help") || left.contains("-h")) {
      return new Arguments(Comparison.HELP, ROUNDS);
    }
    Comparison comparison = Comparison.LINES;
    if ("forking".equals(left.peek())) {
      left.remove();
      comparison = Comparison.FORKING;
    }
    int rounds = left.isEmpty() ? ROUNDS : rounds(left.remove());
    if (!left.isEmpty()) {
      throw new IllegalArgumentException("one argument too many: " + left.peek());
    }
    return new Arguments(comparison, rounds);
  }

  private static int rounds(String word) {
    if (word.matches("[1-9][0-9]?")) {
      return Integer.parseInt(word);
    }
    throw new IllegalArgumentException(
        word.matches("[-+]?[0-9]+")
            ? "rounds must be 1 to 99: " + word
            : "neither a comparison nor a number of rounds: " + word);
  }
}
