package socketserver.multiplexing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.SocketReader;
import socketserver.StandardInput;
import socketserver.fixture.Bounds;
import socketserver.fixture.Child;
import socketserver.select.Epoll;
import socketserver.select.Select;
import socketserver.select.Selectable;
import socketserver.selectors.DefaultSelector;

/** A program that waits for its standard input and for a socket at once, as a chat client does. */
@Timeout(120)
class StandardInputTest {
  /** Tells what it reads from whichever of the two is ready, until it reads quit. */
  static final class Chat {
    private Chat() {}

    public static void main(String[] arguments) throws Exception {
      SocketReader stdin = StandardInput.stdin();
      try (Ends ends = Ends.Kind.TCP_ACCEPTED.open();
          Epoll epoll = new Epoll();
          DefaultSelector selector = new DefaultSelector()) {
        List<Selectable> both = List.of(stdin, ends.watched());
        List<Selectable> none = List.of();
        epoll.register(stdin, Epoll.EPOLLIN);
        epoll.register(ends.watched(), Epoll.EPOLLIN);
        selector.register(stdin, DefaultSelector.EVENT_READ);
        selector.register(ends.watched(), DefaultSelector.EVENT_READ);
        Child.tell("ready " + epoll.poll(Duration.ZERO).size());
        while (true) {
          boolean typed =
              switch (arguments[0]) {
                case "epoll" -> epoll.poll(Bounds.WAIT).get(0).fileobj() == stdin;
                case "selector" -> selector.select(Bounds.WAIT).get(0).key().fileobj() == stdin;
                default -> Select.select(both, none, none, Bounds.WAIT).rlist().contains(stdin);
              };
          if (!typed) {
            Child.tell("socket " + new String(ends.watched().recv(100), StandardCharsets.UTF_8));
            continue;
          }
          byte[] line = stdin.readline();
          String text = new String(line, StandardCharsets.UTF_8).strip();
          if (text.equals("quit")) {
            return;
          }
          Child.tell("typed " + text);
          ends.other().sendall(text);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"select", "epoll", "selector"})
  void bothAreWaitedForAtOnce(String how) throws IOException {
    try (Child child = Child.start(Chat.class, List.of(), how)) {
      assertEquals("ready 0", child.hear());
      child.say("hello");
      assertEquals("typed hello", child.hear());
      assertEquals("socket hello", child.hear());
      child.say("good bye");
      assertEquals("typed good bye", child.hear());
      assertEquals("socket good bye", child.hear());
      child.say("quit");
      child.awaitEnd();
    }
  }

  @Test
  void linesThatCameTogetherAreAllReadable() throws IOException {
    try (Child child = Child.start(Chat.class, List.of(), "epoll")) {
      assertEquals("ready 0", child.hear());
      child.say("one\ntwo\nthree");
      int typed = 0;
      int received = 0;
      while (typed < 3 || received < "onetwothree".length()) {
        String told = child.hear();
        if (told.startsWith("typed ")) {
          assertEquals("typed " + List.of("one", "two", "three").get(typed++), told);
        } else {
          received += told.length() - "socket ".length();
        }
      }
      child.say("quit");
      child.awaitEnd();
    }
  }
}
