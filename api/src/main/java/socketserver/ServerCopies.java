package socketserver;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a server down as it is at a moment, for {@link ForkedServer} to make a copy of it in a
 * child process: its class, its attributes, and those of its fields that are serialisable.
 *
 * <p>Where a field refers to the server itself, the copy's refers to the copy.
 */
final class ServerCopies {
  private static final Logger LOGGER = LoggerFactory.getLogger(ServerCopies.class);

  /** Before the name of a variable that a local class uses. */
  private static final String CAPTURED = "val$";

  private final BaseServer<?> server;

  /** The fields that do not cross, each of which was reported. */
  private final Set<Field> left = ConcurrentHashMap.newKeySet();

  /** Guarded by this: what was written last. */
  private byte[] written;

  /** Guarded by this: of what; null if it cannot be compared. */
  private List<Object> writtenState;

  ServerCopies(BaseServer<?> server) {
    this.server = server;
  }

  /**
   * Refuses a factory that cannot cross.
   *
   * @throws IllegalArgumentException if it cannot; the message names what is in the way
   */
  void checkFactory(HandlerFactory<?> factory) {
    checkFindable(server.getClass());
    if (factory == null) {
      return;
    }
    checkFindable(factory.getClass().getNestHost());
    try (ObjectOutputStream out = new CopyStream(OutputStream.nullOutputStream())) {
      out.writeObject(factory);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          "the handler factory cannot cross to a child process: "
              + reason(e)
              + "; give Handler::new, or a lambda that uses serialisable values only",
          e);
    }
  }

  /** A child looks for classes where this process has them: in folders and jars. */
  private static void checkFindable(Class<?> type) {
    String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
    URL where = type.getResource(file);
    if (where == null || !Set.of("file", "jar").contains(where.getProtocol())) {
      throw new IllegalArgumentException(
          type.getName()
              + " cannot be found by a child process: it is in no folder or jar; compile it before"
              + " it runs");
    }
  }

  /**
   * Writes the server down for a child.
   *
   * @return a serialised {@link ForkedServer}; equal to the last one if nothing has changed
   * @throws IOException if the address or the factory cannot cross
   */
  synchronized byte[] task() throws IOException {
    List<Object> state = new ArrayList<>();
    boolean ignoresInterrupt = server.stopping().closesOnExit();
    state.add(server.serverAddress());
    state.add(ignoresInterrupt);
    server.attributes().forEach(attribute -> state.add(attribute.value()));
    if (isSame(state)) {
      return written;
    }
    List<Field> fields = fields();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new ForkedServer(copy(fields), ignoresInterrupt, handlerClasses()));
    }
    written = bytes.toByteArray();
    // what is in a field, or in the factory, can change without our seeing it
    writtenState = fields.isEmpty() && keepsNothing(server.givenHandler()) ? state : null;
    return written;
  }

  private boolean isSame(List<Object> state) {
    List<Object> before = writtenState;
    if (before == null || before.size() != state.size()) {
      return false;
    }
    for (int i = 0; i < state.size(); i++) {
      if (before.get(i) != state.get(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean keepsNothing(HandlerFactory<?> factory) {
    return factory == null
        || factory instanceof ClassHandlerFactory
        || factory.getClass().isSynthetic() && factory.getClass().getDeclaredFields().length == 0;
  }

  private byte[] copy(List<Field> fields) throws IOException {
    while (true) {
      try {
        return write(values(fields));
      } catch (IOException | RuntimeException e) {
        List<Field> culprits = culprits(fields);
        if (culprits.isEmpty()) {
          throw new IOException("the server cannot cross to a child process: " + reason(e), e);
        }
        culprits.forEach(this::leave);
        fields.removeAll(culprits);
      }
    }
  }

  /** The class that {@code Handler::new} refers to. */
  private String[] handlerClasses() {
    HandlerFactory<?> factory = server.givenHandler();
    if (factory == null || !factory.getClass().isSynthetic()) {
      return new String[0];
    }
    try {
      Method form = factory.getClass().getDeclaredMethod("writeReplace");
      form.setAccessible(true);
      SerializedLambda lambda = (SerializedLambda) form.invoke(factory);
      return new String[] {lambda.getImplClass().replace('/', '.')};
    } catch (ReflectiveOperationException | RuntimeException e) {
      // a child loads it when it needs it
      return new String[0];
    }
  }

  private byte[] write(Map<String, Object> fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (ObjectOutputStream out = new CopyStream(bytes)) {
      out.writeObject(server.getClass());
      out.writeObject(server.serverAddress());
      out.writeObject(server.givenHandler());
      out.writeObject(attributes());
      out.writeObject(fields);
    }
    return bytes.toByteArray();
  }

  /** Those that somebody has set: the others are what they are by themselves. */
  private Map<String, Object> attributes() {
    Map<String, Object> values = new HashMap<>();
    for (Attribute<?> attribute : server.attributes()) {
      if (attribute.isSet()) {
        values.put(attribute.key(), attribute.value());
      }
    }
    return values;
  }

  /** The fields of the classes below this library's. */
  private List<Field> fields() {
    List<Field> fields = new ArrayList<>();
    Class<?> type = server.getClass();
    while (!ForkedServer.makesCopies(type)) {
      for (Field field : type.getDeclaredFields()) {
        boolean crosses = (field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0;
        if (crosses && !left.contains(field)) {
          fields.add(field);
        }
      }
      type = type.getSuperclass();
    }
    return fields;
  }

  private Map<String, Object> values(List<Field> fields) {
    Map<String, Object> values = new HashMap<>();
    for (Field field : fields) {
      values.put(ForkedServer.key(field), value(field));
    }
    return values;
  }

  private Object value(Field field) {
    try {
      field.setAccessible(true);
      return field.get(server);
    } catch (IllegalAccessException e) {
      throw new InaccessibleObjectException(e.getMessage());
    }
  }

  private List<Field> culprits(List<Field> fields) {
    List<Field> culprits = new ArrayList<>();
    for (Field field : fields) {
      if (failure(field) != null) {
        culprits.add(field);
      }
    }
    return culprits;
  }

  private Exception failure(Field field) {
    try (ObjectOutputStream out = new CopyStream(OutputStream.nullOutputStream())) {
      out.writeObject(value(field));
      return null;
    } catch (IOException | RuntimeException e) {
      return e;
    }
  }

  private void leave(Field field) {
    Exception why = failure(field);
    if (left.add(field)) {
      LOGGER.warn(
          "{} of {} does not cross to child processes, where it is {}: {}; make it transient, or"
              + " serialisable",
          called(field),
          field.getDeclaringClass().getName(),
          field.getType().isPrimitive() ? "zero" : "null",
          why == null ? "it has changed meanwhile" : reason(why));
    }
  }

  /** What the source says where the compiler has made the field. */
  private static String called(Field field) {
    if (!field.isSynthetic()) {
      return "field " + field.getName();
    }
    return field.getName().startsWith(CAPTURED)
        ? "the variable " + field.getName().substring(CAPTURED.length())
        : "the enclosing instance";
  }

  private static String reason(Exception e) {
    return e instanceof NotSerializableException
        ? e.getMessage() + " is not serialisable"
        : e.toString();
  }

  /** Writes {@link ForkedServer.Itself} where the server refers to itself. */
  private final class CopyStream extends ObjectOutputStream {
    CopyStream(OutputStream out) throws IOException {
      super(out);
      enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object object) {
      return object == server ? ForkedServer.Itself.SERVER : object;
    }
  }
}
