package socketserver.examples;

import java.io.IOException;
import java.math.BigInteger;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import socketserver.ForkingTCPServer;
import socketserver.StreamRequestHandler;

/**
 * A calculator for anybody: answers a line such as {@code 3 * (2 ** 100 - 1)} with whole numbers of
 * any size, and hangs up. Each line is calculated in a process of its own. So {@code 2 **
 * 1000000000}, which needs more memory than a process gets here, {@code 1000000!}, which takes too
 * long, and a hundred thousand open brackets, which overflow the stack, each cost their own client
 * the answer, and nobody else notices.
 *
 * <p>Python original: none in the seed documents. There it is a {@code ForkingTCPServer} whose
 * handler calls {@code signal.alarm(5)}, {@code resource.setrlimit(resource.RLIMIT_AS, ...)} and
 * {@code eval(line)}; this one knows numbers, brackets and {@code + - * / % ** !}.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.ForkedCalculator}
 */
public final class ForkedCalculator {
  private static final String USAGE =
      """
      usage: ForkedCalculator [SECONDS [PORT [HOST]]]
      Calculates a line for each client, in a process of its own.
        SECONDS  how long that may take; 5 unless given
        PORT     where to listen; 8005 unless given, 0 lets the system choose
        HOST     the interface to listen on; 127.0.0.1 unless given\
      """;

  private static final int LONGEST_LINE = 1 << 20;

  private ForkedCalculator() {}

  /** Calculates one line; runs in a child. */
  static final class Handler extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      String line = new String(rfile.readline(LONGEST_LINE), StandardCharsets.UTF_8).strip();
      wfile.write(answer(line) + "\n");
    }
  }

  /** The value of an expression, or what is wrong with it. */
  static String answer(String line) {
    try {
      return new Expression(line).value().toString();
    } catch (ArithmeticException | IllegalArgumentException e) {
      return "error: " + e.getMessage();
    }
  }

  /** A line that is read from the left to the right. */
  private static final class Expression {
    private final String text;
    private int at;

    Expression(String line) {
      text = line.replace(" ", "");
    }

    BigInteger value() {
      BigInteger value = sum();
      if (at < text.length()) {
        throw new IllegalArgumentException("unexpected " + text.charAt(at));
      }
      return value;
    }

    private BigInteger sum() {
      BigInteger value = product();
      while (true) {
        if (skip("+")) {
          value = value.add(product());
        } else if (skip("-")) {
          value = value.subtract(product());
        } else {
          return value;
        }
      }
    }

    private BigInteger product() {
      BigInteger value = signed();
      while (true) {
        if (skip("*")) {
          value = value.multiply(signed());
        } else if (skip("/")) {
          value = value.divide(signed());
        } else if (skip("%")) {
          value = value.mod(signed());
        } else {
          return value;
        }
      }
    }

    private BigInteger signed() {
      return skip("-") ? signed().negate() : power();
    }

    private BigInteger power() {
      BigInteger value = factorial();
      return skip("**") ? value.pow(signed().intValueExact()) : value;
    }

    private BigInteger factorial() {
      BigInteger value = atom();
      while (skip("!")) {
        BigInteger product = BigInteger.ONE;
        for (int factor = value.intValueExact(); factor > 1; factor--) {
          product = product.multiply(BigInteger.valueOf(factor));
        }
        value = product;
      }
      return value;
    }

    private BigInteger atom() {
      if (skip("(")) {
        BigInteger value = sum();
        if (!skip(")")) {
          throw new IllegalArgumentException("a bracket is not closed");
        }
        return value;
      }
      int start = at;
      while (at < text.length() && "0123456789".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      if (start == at) {
        throw new IllegalArgumentException(
            at < text.length() ? "unexpected " + text.charAt(at) : "unexpected end");
      }
      return new BigInteger(text.substring(start, at));
    }

    private boolean skip(String sign) {
      // the first half of ** is no *
      boolean here = text.startsWith(sign, at) && !(sign.equals("*") && text.startsWith("**", at));
      at += here ? sign.length() : 0;
      return here;
    }
  }

  /** Lets nobody take more than his share. */
  static final class Server extends ForkingTCPServer {
    Server(SocketAddress address, Duration limit) throws IOException {
      super(address, Handler::new);
      childTimeout(limit);
    }

    @Override
    public int maxChildren() {
      return 8;
    }

    /** The second: a stack that overflows is not worth a thousand lines. */
    @Override
    public List<String> childJvmOptions() {
      return List.of("-Xmx32m", "-XX:MaxJavaStackTraceDepth=5");
    }
  }

  /**
   * Serves until the process is ended.
   *
   * @param args the limit, the port and the host, all optional
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, ForkedCalculator::serve, args);
  }

  private static void serve(CommandLine words) throws IOException {
    Duration limit = words.seconds(5);
    try (var server = new Server(words.address(8005, "127.0.0.1"), limit)) {
      server.closeOnExit(Duration.ofSeconds(5));
      System.out.println("listening on port " + server.serverPort());
      server.serveForever();
    }
  }
}
