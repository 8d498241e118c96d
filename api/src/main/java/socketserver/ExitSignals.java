package socketserver;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT, as long as servers are to be closed at the end of the process: the first of
 * them ends the process with status 0, the second at once. By {@code sun.misc.Signal}, which is
 * looked up, as a JDK may lack it.
 */
final class ExitSignals {
  private static final Logger LOGGER = LoggerFactory.getLogger(BaseServer.class);
  private static final List<String> NAMES = List.of("TERM", "INT");

  /** Added to a signal's number, as shells do it. */
  private static final int SIGNAL = 128;

  /** How many have come. */
  private static final AtomicInteger COUNT = new AtomicInteger();

  /** Guarded by the lock of {@link ExitClosing}: whom each signal was for before. */
  private static final Map<String, Object> BEFORE = new LinkedHashMap<>();

  /** Guarded by the same lock: null before it is needed. */
  private static Object handler;

  private ExitSignals() {}

  /** What a signal is for. */
  private record Signals(Class<?> type, Class<?> handlerType) {
    static Signals find() throws ClassNotFoundException {
      return new Signals(Class.forName("sun.misc.Signal"), Class.forName("sun.misc.SignalHandler"));
    }

    /** Sets whom a signal is for; returns whom it was for. */
    Object handle(String name, Object to) throws ReflectiveOperationException {
      Object signal = type.getConstructor(String.class).newInstance(name);
      return type.getMethod("handle", type, handlerType).invoke(null, signal, to);
    }

    Object constant(String name) throws ReflectiveOperationException {
      return handlerType.getField(name).get(null);
    }

    Object newHandler(InvocationHandler calls) {
      return Proxy.newProxyInstance(
          ExitSignals.class.getClassLoader(), new Class<?>[] {handlerType}, calls);
    }

    /** Whether the JVM itself handles what is for this: the program has asked for nothing else. */
    boolean isJvms(Object handler) throws ReflectiveOperationException {
      return handler != null
          && handler.getClass().getClassLoader() == null
          && handler != constant("SIG_DFL")
          && handler != constant("SIG_IGN");
    }
  }

  /**
   * From now on the signals end the process well. Those that the program handles are left alone.
   */
  static void install() {
    NAMES.forEach(ExitSignals::install);
  }

  private static void install(String name) {
    try {
      Signals signals = Signals.find();
      if (handler == null) {
        handler = signals.newHandler(ExitSignals::called);
      }
      Object before = signals.handle(name, handler);
      if (signals.isJvms(before)) {
        BEFORE.put(name, before);
      } else {
        signals.handle(name, before);
        LOGGER.debug("SIG{} is left to its handler, {}", name, before);
      }
    } catch (ClassNotFoundException e) {
      LOGGER.debug("no module jdk.unsupported: SIG{} is left to the JVM", name);
    } catch (InvocationTargetException e) {
      // as with -Xrs
      LOGGER.debug("SIG{} cannot be handled: {}", name, e.getCause().toString());
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOGGER.debug("SIG{} cannot be handled", name, e);
    }
  }

  /** The signals are for whom they were before, unless the program has changed that. */
  static void uninstall() {
    BEFORE.forEach(ExitSignals::restore);
    BEFORE.clear();
  }

  private static void restore(String name, Object before) {
    try {
      Signals signals = Signals.find();
      Object now = signals.handle(name, before);
      if (now != handler) {
        signals.handle(name, now);
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOGGER.debug("SIG{} cannot be given back", name, e);
    }
  }

  /**
   * A child process is not to end by the control-C that is meant for its parent, which ends it in
   * good order.
   */
  static void ignoreInterrupt() {
    try {
      Signals signals = Signals.find();
      signals.handle("INT", signals.constant("SIG_IGN"));
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOGGER.debug("SIGINT cannot be ignored", e);
    }
  }

  /** A method of the handler is called: on a thread of its own, if a signal has come. */
  private static Object called(Object proxy, Method method, Object[] arguments)
      throws ReflectiveOperationException {
    switch (method.getName()) {
      case "handle" -> {
        end((int) arguments[0].getClass().getMethod("getNumber").invoke(arguments[0]));
        return null;
      }
      case "equals" -> {
        return proxy == arguments[0];
      }
      case "hashCode" -> {
        return System.identityHashCode(proxy);
      }
      default -> {
        return "the end of the process, in good order";
      }
    }
  }

  /** Does not return, unless the process is ending already, and well. */
  private static void end(int number) {
    if (COUNT.getAndIncrement() > 0) {
      Runtime.getRuntime().halt(SIGNAL + number);
    }
    System.exit(0);
  }
}
