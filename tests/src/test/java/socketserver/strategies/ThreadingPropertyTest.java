package socketserver.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.StreamRequestHandler;
import socketserver.ThreadingTCPServer;
import socketserver.fixture.Bounds;
import socketserver.fixture.RequestThreads;
import socketserver.fixture.RunningServer;
import socketserver.fixture.Strategy;
import socketserver.fixture.TcpClient;

/** The property that gives the requests of ThreadingMixIn other threads. */
@Timeout(60)
class ThreadingPropertyTest {
  private final BlockingQueue<Boolean> virtual = new LinkedBlockingQueue<>();
  private String before;

  private final class Telling extends StreamRequestHandler {
    @Override
    public void handle() {
      virtual.add(RequestThreads.isVirtual(Thread.currentThread()));
    }
  }

  @BeforeEach
  void remember() {
    before = System.getProperty(Strategy.PROPERTY);
  }

  @AfterEach
  void restore() {
    if (before == null) {
      System.clearProperty(Strategy.PROPERTY);
    } else {
      System.setProperty(Strategy.PROPERTY, before);
    }
    RequestThreads.awaitNone();
  }

  private ThreadingTCPServer server() throws IOException {
    return new ThreadingTCPServer(RunningServer.anyPort(), Telling::new);
  }

  private boolean takeOne(ThreadingTCPServer server) throws Exception {
    try (var client = TcpClient.to(server)) {
      server.handleRequest();
      assertEquals("", client.rest());
    }
    return virtual.poll(Bounds.WAIT.toSeconds(), TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource
  void eachValueGivesRequestsItsThreads(Strategy strategy) throws Exception {
    strategy.assumeWorksHere();
    System.setProperty(Strategy.PROPERTY, strategy.word());
    try (var server = server()) {
      assertEquals(strategy.isVirtual(), takeOne(server));
    }
  }

  @Test
  void withoutItTheyAreThreadsOfThePlatform() throws Exception {
    System.clearProperty(Strategy.PROPERTY);
    try (var server = server()) {
      assertEquals(false, takeOne(server));
    }
  }

  @Test
  void aServerReadsItForItsFirstRequest() throws Exception {
    Strategy.VIRTUAL.assumeWorksHere();
    System.clearProperty(Strategy.PROPERTY);
    try (var server = server()) {
      System.setProperty(Strategy.PROPERTY, Strategy.VIRTUAL.word());
      assertEquals(true, takeOne(server));
      System.setProperty(Strategy.PROPERTY, Strategy.PLATFORM.word());
      assertEquals(true, takeOne(server));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Virtual", "", "green", "virtual "})
  void anotherValueIsRefusedByTheConstructorWhichNamesThemAll(String value) {
    System.setProperty(Strategy.PROPERTY, value);
    var error = assertThrows(IllegalArgumentException.class, this::server);
    assertEquals(
        "system property socketserver.threading must be one of platform, virtual, eventloop: "
            + value,
        error.getMessage());
  }

  @ParameterizedTest
  @EnumSource(
      value = Strategy.class,
      names = {"VIRTUAL", "EVENTLOOP"})
  void onAJavaWithoutVirtualThreadsTheConstructorSaysSo(Strategy strategy) {
    Without.assumeNoVirtualThreads();
    System.setProperty(Strategy.PROPERTY, strategy.word());
    var error = assertThrows(UnsupportedOperationException.class, this::server);
    assertTrue(
        error.getMessage().startsWith("socketserver.threading=" + strategy.word() + " needs "),
        error.getMessage());
    assertTrue(error.getMessage().contains("Java 21"), error.getMessage());
    assertTrue(
        error.getMessage().endsWith("or use socketserver.threading=platform"), error.getMessage());
  }
}
