package socketserver.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import socketserver.StreamRequestHandler;
import socketserver.ThreadingTCPServer;

/**
 * A small server for {@code redis-cli} and {@code redis-benchmark}: PING, ECHO, SET, GET, DEL,
 * EXISTS and INCR, in memory.
 *
 * <p>Python original: none; the handler is what it would be in Python, a loop that reads a command
 * from {@code rfile} and writes the answer to {@code wfile}. Clients may send many commands before
 * they read the answers, which leave together then; nothing in the handler sees to that. What a
 * client can hold is bounded: the bytes of a word, of a command and of all values together.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.RedisServer}, then {@code redis-benchmark -t
 * ping,set,get,incr} in another terminal. With {@code -Dsocketserver.threading=virtual}, or {@code
 * eventloop}, the same handlers run in virtual threads.
 */
public final class RedisServer {
  private static final String USAGE =
      """
      usage: RedisServer [PORT [HOST]]
      Keeps strings for the clients of Redis, in memory.
        PORT  where to listen; 6379 unless given, 0 lets the system choose
        HOST  the interface to listen on; localhost unless given\
      """;

  /** How many bytes a line may have. */
  static final int LONGEST_LINE = 64 << 10;

  /** How many bytes a word may have. */
  static final int LONGEST_WORD = 512 << 10;

  /** How many bytes the words of a command may have together. */
  static final int LONGEST_COMMAND = 1 << 20;

  /** How many words a command may have. */
  static final int MOST_WORDS = 1024;

  /** How many bytes all keys and values may have together. */
  static final long ROOM = 64L << 20;

  private RedisServer() {}

  /** Why a command is answered with an error. */
  private static class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(String reason) {
      super(reason);
    }
  }

  /** What a client sent is no command; nobody knows where the next one begins. */
  private static final class ProtocolError extends Refusal {
    private static final long serialVersionUID = 1L;

    ProtocolError(String reason) {
      super("Protocol error: " + reason);
    }
  }

  /** What the clients keep here. */
  static final class Store {
    /** What an entry takes beside its bytes, roughly. */
    private static final int ENTRY = 100;

    /** The keys have a character for each byte. */
    private final Map<String, byte[]> values = new ConcurrentHashMap<>();

    private final AtomicLong used = new AtomicLong();
    private final long room;

    Store(long room) {
      this.room = room;
    }

    byte[] get(String key) {
      return values.get(key);
    }

    boolean remove(String key) {
      byte[] removed = values.remove(key);
      used.addAndGet(-size(key, removed));
      return removed != null;
    }

    /**
     * Replaces a value, null for none, by another in one step. False if there is no room for it.
     */
    boolean update(String key, UnaryOperator<byte[]> change) {
      boolean[] done = {true};
      values.compute(
          key,
          (same, before) -> {
            byte[] after = change.apply(before);
            long more = size(key, after) - size(key, before);
            if (used.addAndGet(more) > room && more > 0) {
              used.addAndGet(-more);
              done[0] = false;
              return before;
            }
            return after;
          });
      return done[0];
    }

    private static long size(String key, byte[] value) {
      return value == null ? 0 : (long) ENTRY + key.length() + value.length;
    }
  }

  /** Answers the commands of one client, one after the other. */
  static final class Handler extends StreamRequestHandler {
    private final Store store;

    Handler(Store store) {
      this.store = store;
    }

    @Override
    public boolean disableNagleAlgorithm() {
      return true;
    }

    @Override
    public void handle() throws IOException {
      try {
        List<byte[]> words = command();
        while (words != null && !isQuit(words)) {
          if (!words.isEmpty()) {
            wfile.write(answerOrError(words));
          }
          words = command();
        }
        if (words != null) {
          wfile.write("+OK\r\n");
        }
      } catch (ProtocolError e) {
        wfile.write(error(e));
      }
    }

    private byte[] answerOrError(List<byte[]> words) {
      try {
        return answer(words);
      } catch (Refusal e) {
        return error(e);
      }
    }

    private static byte[] error(Refusal e) {
      return line("-ERR " + e.getMessage());
    }

    // What a client sends

    /** Reads a command; null when there will be no more. */
    private List<byte[]> command() throws IOException, ProtocolError {
      byte[] line = line();
      if (line == null) {
        return null;
      }
      return line.length > 0 && line[0] == '*' ? words(number(line, "multibulk")) : inline(line);
    }

    /** A command as a person types it, in one line. */
    private static List<byte[]> inline(byte[] line) {
      List<byte[]> words = new ArrayList<>();
      for (String word : latin1(line).strip().split("\\s+")) {
        if (!word.isEmpty()) {
          words.add(word.getBytes(StandardCharsets.ISO_8859_1));
        }
      }
      return words;
    }

    private List<byte[]> words(int count) throws IOException, ProtocolError {
      if (count > MOST_WORDS) {
        throw new ProtocolError("invalid multibulk length");
      }
      List<byte[]> words = new ArrayList<>();
      int size = 0;
      for (int i = 0; i < count; i++) {
        byte[] line = line();
        if (line == null) {
          return null;
        }
        if (line.length == 0 || line[0] != '$') {
          throw new ProtocolError("expected '$'");
        }
        int length = number(line, "bulk");
        size += length;
        if (length < 0 || length > LONGEST_WORD || size > LONGEST_COMMAND) {
          throw new ProtocolError("invalid bulk length");
        }
        // takes memory for what arrives, whatever the length says
        byte[] word = rfile.read(length);
        if (word.length < length || rfile.read(2).length < 2) {
          return null;
        }
        words.add(word);
      }
      return words;
    }

    /** Reads a line without its end; null if there is none. */
    private byte[] line() throws IOException, ProtocolError {
      byte[] line = rfile.readline(LONGEST_LINE);
      int length = line.length;
      if (length == 0 || line[length - 1] != '\n') {
        if (length == LONGEST_LINE) {
          throw new ProtocolError("too big inline request");
        }
        return null;
      }
      length -= length > 1 && line[length - 2] == '\r' ? 2 : 1;
      return Arrays.copyOf(line, length);
    }

    /** The number after the first character of a line. */
    private static int number(byte[] line, String what) throws ProtocolError {
      try {
        return Integer.parseInt(latin1(line).substring(1));
      } catch (NumberFormatException e) {
        throw new ProtocolError("invalid " + what + " length");
      }
    }

    private static boolean isQuit(List<byte[]> words) {
      return !words.isEmpty() && latin1(words.get(0)).equalsIgnoreCase("QUIT");
    }

    // What it is answered

    private byte[] answer(List<byte[]> words) throws Refusal {
      String name = latin1(words.get(0)).toUpperCase(Locale.ROOT);
      List<byte[]> rest = words.subList(1, words.size());
      switch (name) {
        case "PING":
          expect(name, rest.size() <= 1);
          return rest.isEmpty() ? line("+PONG") : bulk(rest.get(0));
        case "ECHO":
          expect(name, rest.size() == 1);
          return bulk(rest.get(0));
        case "GET":
          expect(name, rest.size() == 1);
          return bulk(store.get(latin1(rest.get(0))));
        case "SET":
          expect(name, rest.size() >= 2);
          return set(rest);
        case "DEL":
          expect(name, !rest.isEmpty());
          return line(":" + rest.stream().filter(key -> store.remove(latin1(key))).count());
        case "EXISTS":
          expect(name, !rest.isEmpty());
          return line(":" + rest.stream().filter(key -> store.get(latin1(key)) != null).count());
        case "INCR":
          expect(name, rest.size() == 1);
          return increment(latin1(rest.get(0)));
        case "CONFIG":
          return config(rest);
        case "COMMAND":
          // redis-cli would complete the names of commands with these
          return line("*0");
        default:
          throw new Refusal("unknown command '" + shown(name) + "'");
      }
    }

    private static void expect(String name, boolean right) throws Refusal {
      if (!right) {
        throw new Refusal(
            "wrong number of arguments for '" + name.toLowerCase(Locale.ROOT) + "' command");
      }
    }

    private byte[] set(List<byte[]> rest) throws Refusal {
      if (rest.size() > 2) {
        throw new Refusal("syntax error");
      }
      update(latin1(rest.get(0)), before -> rest.get(1));
      return line("+OK");
    }

    private byte[] increment(String key) throws Refusal {
      long[] number = new long[1];
      try {
        update(
            key,
            before -> {
              number[0] = Math.incrementExact(before == null ? 0 : Long.parseLong(latin1(before)));
              return ascii(Long.toString(number[0]));
            });
      } catch (NumberFormatException e) {
        throw new Refusal("value is not an integer or out of range");
      } catch (ArithmeticException e) {
        throw new Refusal("increment or decrement would overflow");
      }
      return line(":" + number[0]);
    }

    private void update(String key, UnaryOperator<byte[]> change) throws Refusal {
      if (!store.update(key, change)) {
        throw new Refusal("no room for more");
      }
    }

    /** There is nothing to configure; redis-benchmark asks nevertheless. */
    private static byte[] config(List<byte[]> rest) throws Refusal {
      expect("config", rest.size() == 2);
      if (!latin1(rest.get(0)).equalsIgnoreCase("GET")) {
        throw new Refusal("unknown subcommand '" + shown(latin1(rest.get(0))) + "'");
      }
      ByteArrayOutputStream pair = new ByteArrayOutputStream();
      pair.writeBytes(line("*2"));
      pair.writeBytes(bulk(rest.get(1)));
      pair.writeBytes(bulk(new byte[0]));
      return pair.toByteArray();
    }

    /** A word of a client's in an answer of one line. */
    private static String shown(String word) {
      String printable = word.replaceAll("[^ -~]", "?");
      return printable.substring(0, Math.min(printable.length(), 128));
    }

    private static byte[] bulk(byte[] value) {
      if (value == null) {
        return line("$-1");
      }
      byte[] begin = line("$" + value.length);
      byte[] answer = Arrays.copyOf(begin, begin.length + value.length + 2);
      System.arraycopy(value, 0, answer, begin.length, value.length);
      answer[answer.length - 2] = '\r';
      answer[answer.length - 1] = '\n';
      return answer;
    }

    private static byte[] line(String text) {
      return ascii(text + "\r\n");
    }

    private static byte[] ascii(String text) {
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String latin1(byte[] bytes) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  /**
   * Makes the server, bound and listening.
   *
   * @param address where to listen
   * @param room how many bytes all keys and values may have together
   * @return the server, to be served and closed by the caller
   * @throws IOException if the address cannot be bound
   */
  public static ThreadingTCPServer server(SocketAddress address, long room) throws IOException {
    Store store = new Store(room);
    ThreadingTCPServer server = new ThreadingTCPServer(address, () -> new Handler(store), false);
    // redis-benchmark opens its connections all at once
    server.requestQueueSize(511);
    server.daemonThreads(true);
    try {
      server.serverBind();
      server.serverActivate();
      return server;
    } catch (IOException | RuntimeException e) {
      server.serverClose();
      throw e;
    }
  }

  /**
   * Serves until the process is ended.
   *
   * @param args the port and the host, both optional
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, RedisServer::serve, args);
  }

  private static void serve(CommandLine words) throws IOException {
    try (var server = server(words.address(6379, "localhost"), ROOM)) {
      // clients of Redis keep connections that they do not use
      server.endIdleOnClose(true);
      server.closeOnExit(Duration.ofSeconds(5));
      System.out.println("Ready for connections on port " + server.serverPort());
      server.serveForever();
    }
  }
}
