package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.fixture.Answering.ask;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.ForkingTCPServer;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.fixture.Answering;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RunningServer;

/** What of a server's fields a child sees. */
@Timeout(120)
class FieldsOfTheServerTest {
  /** Each server has one child for all its requests, which is started for the first. */
  static class Frugal extends ForkingTCPServer {
    Frugal(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
      spareChildren(0);
      maxRequestsPerChild(0);
    }
  }

  // What crosses

  record Colour(int red, int green) implements Serializable {}

  enum Mood {
    GOOD
  }

  static class Base extends Frugal {
    private final String name;
    protected final List<String> first = new ArrayList<>(List.of("one"));

    Base(String name, HandlerFactory<StreamSocket> handler) throws IOException {
      super(handler);
      this.name = name;
    }

    String name() {
      return name;
    }
  }

  static final class Derived extends Base {
    private final String name = "derived";
    private final List<String> second = first;
    private final Derived itself = this;
    private final Map<String, Object> things = new ConcurrentHashMap<>();
    private final transient Object lock = new Object();
    private transient int kept = 7;
    private final byte[] bytes = {1, 2};
    private final Colour colour = new Colour(3, 4);
    private final Mood mood = Mood.GOOD;
    private final AtomicInteger counter = new AtomicInteger(5);
    private volatile int plain = 6;
    private Object nothing;
    private static int ofTheClass = 8;

    Derived(HandlerFactory<StreamSocket> handler) throws IOException {
      super("base", handler);
      things.put("me", this);
    }

    private Object field(String asked) {
      return switch (asked) {
        case "name of the base" -> name();
        case "name" -> name;
        case "shared" -> first == second && second.equals(List.of("one"));
        case "itself" -> itself == this && things.get("me") == this;
        case "transient" -> lock + " " + kept;
        case "array" -> bytes[0] + bytes[1];
        case "record" -> colour;
        case "enum" -> mood == Mood.GOOD;
        case "nothing" -> nothing;
        case "of the class" -> ofTheClass;
        case "plain" -> plain;
        case "count" -> counter.incrementAndGet() + " " + ++plain;
        default -> throw new IllegalArgumentException(asked);
      };
    }
  }

  private static LogCapture log;
  private static RunningServer<Derived> running;
  private static Derived server;

  @BeforeAll
  static void serve() throws IOException {
    log = new LogCapture();
    server =
        new Derived(Answering.with((line, handler) -> handler.server(Derived.class).field(line)));
    running = RunningServer.start(server);
  }

  @AfterAll
  static void close() {
    running.close();
    log.close();
  }

  @Test
  void crossWithTheirValuesWhateverTheirKind() throws Exception {
    assertEquals("base", ask(server, "name of the base"));
    assertEquals("derived", ask(server, "name"));
    assertEquals("true", ask(server, "shared"));
    assertEquals("true", ask(server, "itself"));
    assertEquals("3", ask(server, "array"));
    assertEquals("Colour[red=3, green=4]", ask(server, "record"));
    assertEquals("true", ask(server, "enum"));
    assertEquals("null", ask(server, "nothing"));
    assertEquals("null 0", ask(server, "transient"));
    assertEquals(List.of(), log.at(Level.WARN, Derived.class.getName()));
  }

  @Test
  void areWhatTheyWereInTheParentWhenTheRequestCame() throws Exception {
    for (int value = 60; value < 63; value++) {
      server.plain = value;
      assertEquals("" + value, ask(server, "plain"));
    }
  }

  @Test
  void doNotChangeInTheParentNorForTheNextRequest() throws Exception {
    server.plain = 6;
    for (int i = 0; i < 2; i++) {
      assertEquals("6 7", ask(server, "count"));
    }
    assertEquals(5, server.counter.get());
    assertEquals(6, server.plain);
  }

  @Test
  void ofTheClassAreWhatTheChildMakesThem() throws Exception {
    Derived.ofTheClass = 80;
    assertEquals("8", ask(server, "of the class"));
  }

  // What does not

  /** Fails while it is written. */
  static final class Moody implements Serializable {
    private static final long serialVersionUID = 1;

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      throw new IllegalStateException("not in the mood");
    }
  }

  static final class Hindered extends Frugal {
    private final Thread worker = new Thread(() -> {}, "worker");
    private final Moody moody = new Moody();
    private final List<Object> parts = new ArrayList<>(List.of("part"));
    private final String kept = "kept";

    Hindered() throws IOException {
      super(Answering.with((line, handler) -> handler.server(Hindered.class).fields()));
    }

    private String fields() {
      return worker + " " + moody + " " + parts + " " + kept;
    }
  }

  private static void warnsOnce(String... parts) {
    List<String> warnings = log.at(Level.WARN, parts[0]);
    assertEquals(1, warnings.size(), () -> "" + log.events());
    for (String part : parts) {
      assertTrue(warnings.get(0).contains(part), warnings.get(0) + " lacks " + part);
    }
  }

  @Test
  void thatCannotCrossAreNullAndNamedOnce() throws Exception {
    try (var hindered = RunningServer.start(new Hindered())) {
      for (int i = 0; i < 2; i++) {
        assertEquals("null null [part] kept", ask(hindered.server(), ""));
      }
      warnsOnce("field worker", Hindered.class.getName(), "java.lang.Thread", "transient");
      warnsOnce("field moody", Hindered.class.getName(), "not in the mood");
      // what could cross may become something that cannot
      hindered.server().parts.add(new Object());
      for (int i = 0; i < 2; i++) {
        assertEquals("null null null kept", ask(hindered.server(), ""));
      }
      warnsOnce("field parts", Hindered.class.getName(), "java.lang.Object");
      assertEquals(3, log.at(Level.WARN, Hindered.class.getName()).size());
    }
  }

  private static String describe(Answering handler) {
    return handler.server.getClass().isAnonymousClass() + " " + handler.server;
  }

  @Test
  void ofAnAnonymousClassIncludeWhatItUsesFromAround() throws Exception {
    Object hindrance = new Object();
    String word = new String("word");
    TCPServer anonymous =
        new Frugal(Answering.with((line, handler) -> describe(handler))) {
          private final Object around = FieldsOfTheServerTest.this;

          @Override
          public String toString() {
            return word + " " + hindrance + " " + around;
          }
        };
    try (var alone = RunningServer.start(anonymous)) {
      assertEquals("true word null null", ask(alone.server(), ""));
      String name = anonymous.getClass().getName();
      warnsOnce("the variable hindrance of " + name, "java.lang.Object");
      warnsOnce("the enclosing instance of " + name, "FieldsOfTheServerTest is not serialisable");
      warnsOnce("field around of " + name);
    }
  }
}
