package socketserver.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import socketserver.TCPServer;

/** The example that the README opens with, and its Python twin, do what the README says. */
public class ReadmeExampleTest {
  private static final int LIMIT_MILLIS = 30_000;

  /** The server of the example that runs; the example completes it. */
  public static volatile CompletableFuture<TCPServer> running;

  @Test
  void theExampleCompilesAsItStands(@TempDir Path classes) throws IOException {
    SnippetSource source = new SnippetSource(example("java"), 0);

    assertTrue(source.alone(), "the example has no main");
    assertEquals(List.of(), SnippetCompiler.compile(List.of(source), classes));
  }

  @Test
  void theExampleGreetsWhoeverConnects(@TempDir Path classes) throws Exception {
    Block example = example("java");
    String text =
        replaced(
            example.text(),
            "new InetSocketAddress(1234)",
            "new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0)");
    text =
        replaced(
            text,
            "server.serveForever();",
            "socketserver.docs.ReadmeExampleTest.running.complete(server); server.serveForever();");
    Block here = new Block(example.document(), example.line(), "java", "", text);
    assertEquals(List.of(), SnippetCompiler.compile(List.of(new SnippetSource(here, 0)), classes));

    running = new CompletableFuture<>();
    URL[] path = {classes.toUri().toURL()};
    try (var loader = new URLClassLoader(path, ReadmeExampleTest.class.getClassLoader())) {
      var main = loader.loadClass("Greeting").getDeclaredMethod("main", String[].class);
      main.setAccessible(true);
      Thread thread = new Thread(() -> runMain(main), "readme-example");
      thread.start();
      TCPServer server = running.get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
      try {
        assertEquals("Thank you for connecting", greeting(server.serverPort()));
        assertEquals("Thank you for connecting", greeting(server.serverPort()));
      } finally {
        server.close();
        thread.join(LIMIT_MILLIS);
        assertFalse(thread.isAlive(), "main goes on after the server is closed");
      }
    }
  }

  @Test
  void thePythonTwinGreetsToo() throws Exception {
    String text = replaced(example("python").text(), "(\"\", 1234)", "(\"127.0.0.1\", 0)");
    text =
        replaced(
            text,
            "server.serve_forever()",
            "print(server.server_address[1]); server.handle_request()");

    Process python = Python.start(text);
    try {
      var lines = new BufferedReader(new InputStreamReader(python.getInputStream()));
      int port = Integer.parseInt(lines.readLine());
      assertEquals("Thank you for connecting", greeting(port));
      assertTrue(python.waitFor(LIMIT_MILLIS, TimeUnit.MILLISECONDS), "python3 does not end");
    } finally {
      python.destroyForcibly();
    }
  }

  private static void runMain(Method main) {
    try {
      main.invoke(null, (Object) new String[0]);
    } catch (ReflectiveOperationException e) {
      running.completeExceptionally(e);
    }
  }

  /** The first block of the README in a language. */
  private static Block example(String language) throws IOException {
    return Documents.blocks(Documents.readme()).stream()
        .filter(block -> block.language().equals(language))
        .findFirst()
        .orElseThrow(() -> new AssertionError("the README has no example in " + language));
  }

  private static String replaced(String text, String part, String by) {
    assertTrue(text.contains(part), "the example has no " + part);
    return text.replace(part, by);
  }

  private static String greeting(int port) throws IOException {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.setSoTimeout(LIMIT_MILLIS);
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
