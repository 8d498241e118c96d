package socketserver.badinput;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.fixture.Compilation;
import socketserver.fixture.IsolatedLibrary;
import socketserver.fixture.RunningServer;

/** The transport on the class path: missing, there twice, or broken. */
@Timeout(120)
class ProvidersTest {
  private static final String SERVICE = "META-INF/services/socketserver.spi.Transport";
  private static final SocketAddress ADDRESS = RunningServer.anyPort();

  @TempDir private Path folder;

  /** The source of a transport that opens nothing and says so. */
  private static String transport(String name, String more) {
    return """
    public class %s implements socketserver.spi.Transport {
      %s
      public String name() { return "%s"; }
      public boolean supports(java.net.ProtocolFamily family) {
        return family != java.net.StandardProtocolFamily.UNIX;
      }
      public socketserver.spi.ListenerEndpoint openListener(java.net.ProtocolFamily family)
          throws java.io.IOException {
        throw new java.io.IOException("%s opens nothing");
      }
      public socketserver.spi.DatagramEndpoint openDatagram(java.net.ProtocolFamily family)
          throws java.io.IOException {
        throw new java.io.IOException("%s opens nothing");
      }
      public socketserver.spi.StreamEndpoint connect(
          java.net.SocketAddress address, long timeoutNanos) throws java.io.IOException {
        throw new java.io.IOException("%s opens nothing");
      }
    }
    """
        .formatted(name, more, name, name, name, name);
  }

  /** A folder for the class path with a provider, compiled and registered. */
  private Path provider(String folderName, String className, String... sources) throws IOException {
    Path classes = Files.createDirectories(folder.resolve(folderName));
    for (String source : sources) {
      assertEquals(List.of(), Compilation.into(classes, source).errors());
    }
    Path service = classes.resolve(SERVICE);
    Files.createDirectories(service.getParent());
    Files.writeString(service, className + "\n");
    return classes;
  }

  private static IllegalStateException refusal(IsolatedLibrary library) {
    return assertThrows(IllegalStateException.class, () -> library.newTcpServer(ADDRESS).close());
  }

  private static void says(Throwable error, String... parts) {
    for (String part : parts) {
      assertTrue(error.getMessage().contains(part), error.getMessage() + " lacks " + part);
    }
  }

  // None

  @Test
  void missingTransportSaysWhatToAdd() throws Exception {
    try (var library = new IsolatedLibrary()) {
      says(refusal(library), "no transport", "add socketserver-netty");
      says(refusal(library), "no transport", "add socketserver-netty");
      says(
          assertThrows(
              IllegalStateException.class,
              () -> library.newServer("socketserver.UDPServer", ADDRESS).close()),
          "add socketserver-netty");
    }
  }

  @Test
  void clientWithoutATransportIsToldToo() throws Exception {
    try (var library = new IsolatedLibrary()) {
      var connect =
          library.type("socketserver.StreamSocket").getMethod("connect", SocketAddress.class);
      Throwable error =
          assertThrows(InvocationTargetException.class, () -> connect.invoke(null, ADDRESS))
              .getCause();
      assertTrue(error instanceof IllegalStateException, error.toString());
      says(error, "add socketserver-netty");
    }
  }

  @Test
  void missingTransportForUnixSocketsIsAnotherOne() throws Exception {
    try (var library = new IsolatedLibrary(provider("inet", "Inet", transport("Inet", "")))) {
      var constructor =
          library.type("socketserver.ListenerSocket").getConstructor(ProtocolFamily.class);
      Throwable error =
          assertThrows(
                  InvocationTargetException.class,
                  () -> constructor.newInstance(StandardProtocolFamily.UNIX))
              .getCause();
      assertTrue(error instanceof IllegalStateException, error.toString());
      says(error, "unix", "add socketserver-unix");
    }
  }

  @Test
  void aUnixServerBesideTheInternetTransportAloneNamesTheArtifactToAdd() throws Exception {
    List<Path> withoutUnix = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      withoutUnix.add(Path.of(entry));
    }
    Path unix = home("socketserver.unix.UnixTransport");
    assertTrue(withoutUnix.remove(unix), unix + " is not in " + withoutUnix);
    Path path = folder.resolve("x.sock");
    try (var library = new IsolatedLibrary(withoutUnix.toArray(Path[]::new))) {
      for (String name : List.of("UnixStreamServer", "ThreadingUnixDatagramServer")) {
        IllegalStateException error =
            assertThrows(
                IllegalStateException.class,
                () -> library.newServer("socketserver." + name, path.toString()).close());
        assertEquals(
            "no transport for unix sockets on the class path: add socketserver-unix"
                + " (see README, Unix sockets)",
            error.getMessage());
      }
    }
    assertFalse(Files.exists(path));
  }

  /** The folder or jar that a class is in. */
  private static Path home(String name) throws Exception {
    URL place = Class.forName(name).getProtectionDomain().getCodeSource().getLocation();
    return Path.of(place.toURI());
  }

  // One

  @Test
  void transportThatRefusesASocketIsAnIoException() throws Exception {
    try (var library = new IsolatedLibrary(provider("one", "One", transport("One", "")))) {
      IOException error =
          assertThrows(IOException.class, () -> library.newTcpServer(ADDRESS).close());
      assertEquals("One opens nothing", error.getMessage());
    }
  }

  @Test
  void transportThatOnlyTheThreadsContextSeesIsFound() throws Exception {
    Path one = provider("one", "One", transport("One", ""));
    try (var library = new IsolatedLibrary()) {
      ClassLoader plain = Thread.currentThread().getContextClassLoader();
      try (var child = new URLClassLoader(new URL[] {one.toUri().toURL()}, plain)) {
        Thread.currentThread().setContextClassLoader(child);
        IOException error =
            assertThrows(IOException.class, () -> library.newTcpServer(ADDRESS).close());
        assertEquals("One opens nothing", error.getMessage());
      } finally {
        Thread.currentThread().setContextClassLoader(plain);
      }
      says(refusal(library), "no transport");
    }
  }

  @Test
  void oneTransportThatIsOnTheClassPathTwiceCountsOnce() throws Exception {
    try (var library =
        new IsolatedLibrary(
            provider("one", "One", transport("One", "")),
            provider("copy", "One", transport("One", "")))) {
      IOException error =
          assertThrows(IOException.class, () -> library.newTcpServer(ADDRESS).close());
      assertEquals("One opens nothing", error.getMessage());
    }
  }

  // Two

  @Test
  void twoTransportsAreNamedWithWhereTheyAre() throws Exception {
    try (var library =
        new IsolatedLibrary(
            provider("first", "One", transport("One", "")),
            provider("second", "Two", transport("Two", "")))) {
      for (int i = 0; i < 2; i++) {
        says(
            refusal(library),
            "more than one transport",
            "One",
            "Two",
            "first",
            "second",
            "keep one");
      }
    }
  }

  // Broken

  private void cannotBeLoaded(String name, Path provider) throws Exception {
    try (var library = new IsolatedLibrary(provider)) {
      for (int i = 0; i < 2; i++) {
        says(refusal(library), "cannot be loaded", name);
      }
    }
  }

  @Test
  void transportWhoseClassIsMissingIsNamed() throws Exception {
    cannotBeLoaded("NotThere", provider("broken", "NotThere"));
  }

  @Test
  void transportWhoseConstructorFailsIsNamed() throws Exception {
    cannotBeLoaded(
        "Failing",
        provider(
            "broken",
            "Failing",
            transport(
                "Failing", "public Failing() { throw new IllegalStateException(\"no epoll\"); }")));
  }

  @Test
  void transportWhoseClassCannotBeInitialisedIsNamed() throws Exception {
    cannotBeLoaded(
        "Failing",
        provider(
            "broken",
            "Failing",
            transport("Failing", "static final int N = Integer.parseInt(\"no number\");")));
  }

  @Test
  void transportWithoutAPublicConstructorIsNamed() throws Exception {
    cannotBeLoaded(
        "Hidden", provider("broken", "Hidden", transport("Hidden", "Hidden(String name) {}")));
  }

  @Test
  void classThatIsNoTransportIsNamed() throws Exception {
    cannotBeLoaded("Nothing", provider("broken", "Nothing", "public class Nothing {}"));
  }

  @Test
  void transportWhoseOwnLibraryIsMissingIsNamed() throws Exception {
    String source =
        transport("Needing", "")
                .replace(
                    "implements socketserver.spi.Transport",
                    "extends Library implements socketserver.spi.Transport")
            + "class Library {}";
    Path broken = provider("broken", "Needing", source);
    Files.delete(broken.resolve("Library.class"));
    cannotBeLoaded("Library", broken);
  }

  @Test
  void transportWhoseLibraryIsMissingWhenItIsMadeIsNamed() throws Exception {
    String source =
        transport("Needing", "private final Object library = new Library();") + "class Library {}";
    Path broken = provider("broken", "Needing", source);
    Files.delete(broken.resolve("Library.class"));
    cannotBeLoaded("Needing", broken);
  }
}
