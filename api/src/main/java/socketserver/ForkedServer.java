package socketserver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.net.SocketAddress;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.spi.Endpoint;
import socketserver.spi.ForkedTask;

/**
 * One request in a child process: makes a copy of the parent's server, written down by {@link
 * ServerCopies}, and handles the request with it, in the order of Python's {@code process_request}
 * after {@code os.fork()}.
 */
final class ForkedServer implements ForkedTask, ServerCopy {
  private static final long serialVersionUID = 1;
  private static final Logger LOGGER = LoggerFactory.getLogger(ForkedServer.class);

  /** The last that was made, as making one takes long; any that is seen will do. */
  private static volatile Maker maker;

  /** What {@link ServerCopies} wrote. */
  private final byte[] copy;

  /** The parent ends in good order by itself when a control-C comes, which goes to all. */
  private final boolean ignoresInterrupt;

  /** The names of classes that will be needed. */
  private final String[] classes;

  /** The server for the next request, if there was time to make it; used by a thread at a time. */
  private transient BaseServer<?> prepared;

  ForkedServer(byte[] copy, boolean ignoresInterrupt, String... classes) {
    this.copy = copy;
    this.ignoresInterrupt = ignoresInterrupt;
    this.classes = classes;
  }

  /** Stands for the server, in its own fields. */
  enum Itself {
    SERVER
  }

  /** What makes objects of a server's class. */
  private record Maker(Class<?> type, Constructor<?> constructor) {}

  @Override
  public int run(int fd, byte[] data) {
    try {
      if (ignoresInterrupt) {
        ExitSignals.ignoreInterrupt();
      }
      BaseServer<?> server = prepared != null ? prepared : read();
      prepared = null;
      return handle(server, fd, Envelope.of(data));
    } catch (Throwable e) {
      // nobody else in this process would tell
      Thread current = Thread.currentThread();
      current.getThreadGroup().uncaughtException(current, e);
      return 1;
    }
  }

  private static <R> int handle(BaseServer<R> server, int fd, Envelope envelope)
      throws IOException {
    Crossing<R> crossing = Crossing.of(server);
    R request = crossing.adopt(fd, envelope);
    SocketAddress client = envelope.client() != null ? envelope.client() : crossing.client(request);
    boolean handled = false;
    RunningRequests running = server.stopping().running();
    RequestTask begun = null;
    try {
      if (server.mixInState().limits.hasDeadlines()) {
        begun = running.beginHere(server, request, client);
      }
      server.finishRequest(request, client);
      handled = true;
    } catch (Throwable e) {
      server.turn().report(request, client, e);
    } finally {
      try {
        server.shutdownRequest(request);
      } finally {
        if (begun != null) {
          running.end(begun);
        }
        crossing.letGo(request);
      }
    }
    return handled ? 0 : 1;
  }

  @Override
  public void rehearse(int fd) throws IOException {
    try {
      for (String name : classes) {
        // which also links it, without running its initialisers
        Class.forName(name, false, Thread.currentThread().getContextClassLoader())
            .getDeclaredMethods();
      }
      BaseServer<?> server = read();
      try {
        rehearse(server, fd);
      } catch (IOException e) {
        // a request may do better: only the server itself is needed
        LOGGER.debug("a rehearsal failed", e);
      }
      prepared = read();
    } catch (ReflectiveOperationException e) {
      throw new IOException("a child process cannot make the server: " + e, e);
    }
  }

  /** As {@link #handle}, without any code of the user's. */
  private static <R> void rehearse(BaseServer<R> server, int fd) throws IOException {
    Envelope envelope = Envelope.of(new Envelope(Endpoint.FOREVER, null, new byte[0]).toBytes());
    Crossing<R> crossing = Crossing.of(server);
    R request = crossing.adopt(fd, envelope);
    crossing.rehearse(request);
    crossing.letGo(request);
  }

  @Override
  public void prepare() {
    try {
      prepared = read();
    } catch (IOException | ReflectiveOperationException | RuntimeException e) {
      // the next request finds out, and tells
      prepared = null;
    }
  }

  // The copy

  private BaseServer<?> read() throws IOException, ReflectiveOperationException {
    try (CopyStream in = new CopyStream(new ByteArrayInputStream(copy))) {
      Class<?> type = (Class<?>) in.readObject();
      in.server = make(type);
      // so that it has the attributes of a forking server
      ForkedRequests.of(in.server);
      in.server.serverAddress((SocketAddress) in.readObject());
      in.server.restoreHandler(in.readObject());
      Map<?, ?> attributes = (Map<?, ?>) in.readObject();
      for (Attribute<?> attribute : in.server.attributes()) {
        if (attributes.containsKey(attribute.key())) {
          attribute.restore(attributes.get(attribute.key()));
        }
      }
      Map<?, ?> fields = (Map<?, ?>) in.readObject();
      for (Class<?> at = type; !makesCopies(at); at = at.getSuperclass()) {
        restore(in.server, at, fields);
      }
      return in.server;
    }
  }

  private static void restore(Object server, Class<?> type, Map<?, ?> values)
      throws IllegalAccessException {
    for (Field field : type.getDeclaredFields()) {
      String key = key(field);
      if (values.containsKey(key)) {
        field.setAccessible(true);
        field.set(server, values.get(key));
      }
    }
  }

  /** What a field is called among all fields of a server. */
  static String key(Field field) {
    return field.getDeclaringClass().getName() + "." + field.getName();
  }

  /** Whether a class is one of this library's that can be made as a copy. */
  static boolean makesCopies(Class<?> type) {
    try {
      return type.getDeclaredConstructor(ServerCopy.class) != null;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  /** Makes an object of the server's class, of which only this library's part is constructed. */
  private BaseServer<?> make(Class<?> type) throws ReflectiveOperationException {
    Maker known = maker;
    if (known == null || known.type() != type) {
      known = new Maker(type, constructor(type));
      maker = known;
    }
    return (BaseServer<?>) known.constructor().newInstance(this);
  }

  /**
   * Makes a constructor that, as in Java's serialisation, calls none of the user's, which would
   * bind once more.
   */
  private static Constructor<?> constructor(Class<?> type) throws ReflectiveOperationException {
    Class<?> library = type;
    while (!makesCopies(library)) {
      library = library.getSuperclass();
    }
    Constructor<?> part = library.getDeclaredConstructor(ServerCopy.class);
    // what the JDK offers to libraries that serialise; by name, as the compiler does not know it
    Class<?> factories = Class.forName("sun.reflect.ReflectionFactory");
    Object factory = factories.getMethod("getReflectionFactory").invoke(null);
    return (Constructor<?>)
        factories
            .getMethod("newConstructorForSerialization", Class.class, Constructor.class)
            .invoke(factory, type, part);
  }

  /** Reads the server where it refers to itself. */
  private static final class CopyStream extends ObjectInputStream {
    /** Made once its class is known. */
    private BaseServer<?> server;

    CopyStream(InputStream in) throws IOException {
      super(in);
      enableResolveObject(true);
    }

    @Override
    protected Object resolveObject(Object object) throws InvalidObjectException {
      return object == Itself.SERVER ? server : object;
    }
  }
}
