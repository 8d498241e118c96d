package socketserver;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.Objects;

/**
 * A factory that calls a class's constructor without arguments.
 *
 * @param <R> the kind of request
 */
final class ClassHandlerFactory<R> implements HandlerFactory<R> {
  private static final long serialVersionUID = 1L;

  private final Class<? extends BaseRequestHandler<? super R>> type;

  /** Looked up again where the factory crossed to another process. */
  private transient volatile Constructor<? extends BaseRequestHandler<? super R>> constructor;

  ClassHandlerFactory(Class<? extends BaseRequestHandler<? super R>> type) {
    this.type = Objects.requireNonNull(type, "handler class is null");
    this.constructor = constructor(type);
  }

  @Override
  public BaseRequestHandler<? super R> newHandler() throws Exception {
    if (constructor == null) {
      constructor = constructor(type);
    }
    try {
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception failure) {
        throw failure;
      }
      throw (Error) e.getCause();
    }
  }

  private static <H> Constructor<H> constructor(Class<H> type) {
    if (Modifier.isAbstract(type.getModifiers())) {
      throw new IllegalArgumentException("handler class is abstract: " + type.getName());
    }
    if (type.isMemberClass() && !Modifier.isStatic(type.getModifiers())) {
      throw new IllegalArgumentException(
          "handler class is an inner class: make it static: " + type.getName());
    }
    try {
      Constructor<H> constructor = type.getDeclaredConstructor();
      if (Modifier.isPrivate(constructor.getModifiers())) {
        throw new IllegalArgumentException(
            "the constructor of handler class " + type.getName() + " is private");
      }
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException(
          "handler class has no constructor without arguments: "
              + type.getName()
              + "; give a lambda that calls the one it has",
          e);
    } catch (InaccessibleObjectException e) {
      throw new IllegalArgumentException(
          "handler class is not open to socketserver: " + type.getName(), e);
    }
  }
}
