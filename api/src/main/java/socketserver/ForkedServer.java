package socketserver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.util.Map;
import socketserver.spi.ForkedTask;

/**
 * One request in a child process: makes a copy of the parent's server, written down by {@link
 * ServerCopies}, and handles the request with it, in the order of Python's {@code process_request}
 * after {@code os.fork()}.
 */
final class ForkedServer implements ForkedTask {
  private static final long serialVersionUID = 1;

  /** What {@link ServerCopies} wrote. */
  private final byte[] copy;

  /** The time-out of the request's socket. */
  private final long timeoutNanos;

  ForkedServer(byte[] copy, long timeoutNanos) {
    this.copy = copy;
    this.timeoutNanos = timeoutNanos;
  }

  /** Stands for the server, in its own fields. */
  enum Itself {
    SERVER
  }

  /** A copy of a server and the client that it is to answer. */
  private record Copy(BaseServer<?> server, SocketAddress client) {}

  @Override
  public int run(int fd, byte[] data) {
    try {
      Copy made = read();
      return handle(made.server(), fd, data, made.client());
    } catch (IOException | ReflectiveOperationException | RuntimeException | Error e) {
      // nobody else in this process would tell
      Thread current = Thread.currentThread();
      current.getThreadGroup().uncaughtException(current, e);
      return 1;
    }
  }

  private <R> int handle(BaseServer<R> server, int fd, byte[] data, SocketAddress client)
      throws IOException {
    R request = server.adoptRequest(fd, data, timeoutNanos);
    boolean handled = false;
    try {
      server.finishRequest(request, client);
      handled = true;
    } catch (Exception e) {
      server.reportError(request, client, e);
    } finally {
      server.shutdownRequest(request);
      server.awaitSent(request);
    }
    return handled ? 0 : 1;
  }

  @Override
  public void rehearse(int fd) {
    try {
      read();
      if (fd >= 0) {
        answerLine(fd);
      }
    } catch (IOException | ReflectiveOperationException | RuntimeException e) {
      // it will be told when there is a request
    }
  }

  private static void answerLine(int fd) throws IOException {
    StreamSocket socket =
        StreamSocket.adopted(Transports.forFamily(StandardProtocolFamily.UNIX).adoptStream(fd));
    try (socket;
        SocketReader reader = socket.makefileReader(-1);
        SocketWriter writer = socket.makefileWriter(0)) {
      writer.write(reader.readline());
    }
  }

  // The copy

  private Copy read() throws IOException, ReflectiveOperationException {
    try (CopyStream in = new CopyStream(new ByteArrayInputStream(copy))) {
      Class<?> type = (Class<?>) in.readObject();
      in.server = make(type);
      in.server.serverAddress((SocketAddress) in.readObject());
      SocketAddress client = (SocketAddress) in.readObject();
      Map<?, ?> attributes = (Map<?, ?>) in.readObject();
      for (Attribute<?> attribute : in.server.attributes()) {
        attribute.restore(attributes.get(attribute.key()));
      }
      Map<?, ?> fields = (Map<?, ?>) in.readObject();
      for (Class<?> at = type; !makesCopies(at); at = at.getSuperclass()) {
        restore(in.server, at, fields);
      }
      return new Copy(in.server, client);
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
      return type.getDeclaredConstructor(ForkedServer.class) != null;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  /**
   * Makes an object of the server's class, of which only this library's part is constructed. As in
   * Java's serialisation, no constructor of a subclass is called, which would bind once more.
   */
  private BaseServer<?> make(Class<?> type) throws ReflectiveOperationException {
    Class<?> library = type;
    while (!makesCopies(library)) {
      library = library.getSuperclass();
    }
    Constructor<?> part = library.getDeclaredConstructor(ForkedServer.class);
    // what the JDK offers to libraries that serialise; by name, as the compiler does not know it
    Class<?> factories = Class.forName("sun.reflect.ReflectionFactory");
    Object factory = factories.getMethod("getReflectionFactory").invoke(null);
    Constructor<?> whole =
        (Constructor<?>)
            factories
                .getMethod("newConstructorForSerialization", Class.class, Constructor.class)
                .invoke(factory, type, part);
    return (BaseServer<?>) whole.newInstance(this);
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
