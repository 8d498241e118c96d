package socketserver.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The words that an example's user typed. Every {@code main} runs its program by {@link #run},
 * which answers {@code --help}, and makes one line of a wrong word or a failure.
 */
final class CommandLine {
  /** What an example does with the words. */
  @FunctionalInterface
  interface Program {
    void run(CommandLine words) throws IOException;
  }

  /** A word that is missing, left over or makes no sense. */
  private static final class WrongWord extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongWord(String message) {
      super(message);
    }
  }

  private final Deque<String> words;

  private CommandLine(String... args) {
    words = new ArrayDeque<>(List.of(args));
  }

  /** Runs a program, and ends the process with its status if that is not 0. */
  static void main(String usage, Program program, String... args) {
    int status = run(usage, program, System.out, System.err, args);
    if (status != 0) {
      System.exit(status);
    }
  }

  /**
   * Runs a program.
   *
   * @return 0 if it ended well, 1 if it failed, 2 if it was called with wrong words
   */
  static int run(String usage, Program program, PrintStream out, PrintStream err, String... args) {
    List<String> typed = List.of(args);
    if (typed.contains("--help") || typed.contains("-h")) {
      out.println(usage);
      return 0;
    }
    try {
      program.run(new CommandLine(args));
      return 0;
    } catch (WrongWord e) {
      err.println("error: " + e.getMessage());
      err.println(usage);
      return 2;
    } catch (IOException | UnsupportedOperationException e) {
      // the second: a kind of socket that this system does not have
      err.println("error: " + (e.getMessage() == null ? e : e.getMessage()));
      return 1;
    }
  }

  /**
   * Takes what is left as {@code [PORT [HOST]]}.
   *
   * @param defaultPort the port if none was typed
   * @param defaultHost the host if none was typed; null for every interface, as Python's {@code ''}
   */
  InetSocketAddress address(int defaultPort, String defaultHost) {
    int port = words.isEmpty() ? defaultPort : port();
    String host = words.isEmpty() ? defaultHost : words.remove();
    end();
    return host == null ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
  }

  /** Takes the next word as a port. */
  int port() {
    return asPort(next("PORT"));
  }

  /**
   * Takes {@code --port}, wherever it stands.
   *
   * @param defaultPort the port if that is not there
   */
  int portOption(int defaultPort) {
    String word = option("--port");
    return word == null ? defaultPort : asPort(word);
  }

  private static int asPort(String word) {
    int port;
    try {
      port = Integer.parseInt(word);
    } catch (NumberFormatException e) {
      throw new WrongWord("port is not a number: " + word);
    }
    if (port < 0 || port > 65535) {
      throw new WrongWord("port out of range: " + port);
    }
    return port;
  }

  /**
   * Takes {@code --name=value} or {@code --name value}, wherever it stands.
   *
   * @param name the option, with its dashes
   * @return its value, null if it is not there
   */
  String option(String name) {
    List<String> all = new ArrayList<>(words);
    for (int i = 0; i < all.size(); i++) {
      String word = all.get(i);
      String value = null;
      if (word.startsWith(name + "=")) {
        value = word.substring(name.length() + 1);
      } else if (word.equals(name)) {
        if (i + 1 == all.size()) {
          throw new WrongWord(name + " has no value");
        }
        value = all.remove(i + 1);
      }
      if (value != null) {
        all.remove(i);
        words.clear();
        words.addAll(all);
        return value;
      }
    }
    return null;
  }

  /** Takes an option that has to be there. */
  String requiredOption(String name) {
    String value = option(name);
    if (value == null) {
      throw new WrongWord(name + " is missing");
    }
    return value;
  }

  /** Takes the next word, if there is one, as a time. */
  Duration seconds(int defaultSeconds) {
    if (words.isEmpty()) {
      return Duration.ofSeconds(defaultSeconds);
    }
    return Duration.ofSeconds(positive("SECONDS"));
  }

  /** Takes the next word as a number above zero; the name is that of the usage. */
  int positive(String name) {
    String word = next(name);
    try {
      int number = Integer.parseInt(word);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // the same complaint
    }
    throw new WrongWord(name + " is not a positive number: " + word);
  }

  /** Takes what is left as {@code [PATH]}. */
  Path path(String defaultPath) {
    String word = words.isEmpty() ? defaultPath : words.remove();
    end();
    return asPath(word);
  }

  /** Takes the next word as a path. */
  Path path() {
    return asPath(next("PATH"));
  }

  /** An empty path would be an unnamed socket. */
  private static Path asPath(String word) {
    if (word.isEmpty()) {
      throw new WrongWord("PATH is empty");
    }
    try {
      return Path.of(word);
    } catch (InvalidPathException e) {
      // a character that the locale of this JVM has not
      throw new WrongWord("no path: " + e.getMessage());
    }
  }

  /** Takes the next word; the name is that of the usage. */
  String next(String name) {
    if (words.isEmpty()) {
      throw new WrongWord(name + " is missing");
    }
    return words.remove();
  }

  /** Checks that nothing is left. */
  void end() {
    if (!words.isEmpty()) {
      throw new WrongWord("unexpected argument: " + words.peek());
    }
  }

  /** Takes what is left as one text, the words with a space between. */
  String rest() {
    String text = String.join(" ", words);
    words.clear();
    return text;
  }
}
