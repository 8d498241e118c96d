package socketserver.spi;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadFactory;

/** Virtual threads, which are looked up as this is compiled for a Java that has none. */
public final class VirtualThreads {
  private static final String MISSING =
      " needs virtual threads, which came with Java 21; this is Java "
          + Runtime.version().feature()
          + ": run on a later one, or use ";

  /** From here on a virtual thread that waits in synchronized leaves its carrier (JEP 491). */
  private static final int LEAVES_MONITORS = 24;

  /** Null where there are none. */
  private static final ThreadFactory FACTORY = factory();

  /** Makes a thread, of an Executor and a Runnable; null where a scheduler cannot be chosen. */
  private static final MethodHandle SCHEDULED = FACTORY == null ? null : scheduled();

  /** What runs virtual threads that chose nothing, as far as that can be had. */
  private static final Executor SCHEDULER = scheduler(SCHEDULED != null);

  /** Thread.isVirtual; null where there is none. */
  private static final MethodHandle IS_VIRTUAL = isVirtual();

  private VirtualThreads() {}

  /**
   * Tells whether the current thread is virtual: it must not wait in the system, as it would keep
   * the thread that carries it.
   *
   * @return true in a virtual thread
   */
  public static boolean isCurrent() {
    try {
      return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("cannot tell whether the thread is virtual", e);
    }
  }

  private static MethodHandle isVirtual() {
    try {
      return MethodHandles.lookup()
          .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
    } catch (NoSuchMethodException e) {
      return null;
    } catch (IllegalAccessException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * Refuses a Java without virtual threads.
   *
   * @param who what needs them
   * @param instead what does not
   * @throws UnsupportedOperationException if there are none
   */
  public static void check(String who, String instead) {
    if (FACTORY == null) {
      throw new UnsupportedOperationException(who + MISSING + instead);
    }
  }

  /**
   * Makes a virtual thread of the scheduler that the JVM has for all. Only where {@link
   * #available()}.
   *
   * @param task what it runs
   * @return the thread, not started
   */
  public static Thread unstarted(Runnable task) {
    return FACTORY.newThread(task);
  }

  /**
   * Tells whether this Java has virtual threads.
   *
   * @return true on Java 21 and later
   */
  public static boolean available() {
    return FACTORY != null;
  }

  /**
   * Tells whether a virtual thread that waits in {@code synchronized} leaves its carrier to others.
   *
   * @return true on Java 24 and later (JEP 491)
   */
  public static boolean leaveMonitors() {
    return FACTORY != null && Runtime.version().feature() >= LEAVES_MONITORS;
  }

  /**
   * Makes a virtual thread of the JVM's scheduler, whichever the current thread has. Only where
   * {@link #available()}.
   *
   * @param task what it runs
   * @return the thread, not started
   */
  public static Thread unstartedByDefault(Runnable task) {
    return SCHEDULED == null ? unstarted(task) : unstarted(task, SCHEDULER);
  }

  /**
   * Tells whether the scheduler of a virtual thread can be chosen.
   *
   * @return true on Java 24 and later, if java.lang is open
   */
  public static boolean schedulable() {
    return SCHEDULED != null;
  }

  /**
   * Says why it cannot, and what to do.
   *
   * @return a part of a sentence; null if it can
   */
  public static String whyNotSchedulable() {
    if (SCHEDULED != null) {
      return null;
    }
    return Runtime.version().feature() < LEAVES_MONITORS
        ? "that needs Java " + LEAVES_MONITORS + "; this is Java " + Runtime.version().feature()
        : "start the JVM with --add-opens java.base/java.lang=ALL-UNNAMED";
  }

  /**
   * Makes a virtual thread of a scheduler of its own. Only where {@link #schedulable()}.
   *
   * @param task what it runs
   * @param scheduler what runs it, a turn at a time
   * @return the thread, not started
   */
  public static Thread unstarted(Runnable task, Executor scheduler) {
    try {
      return (Thread) SCHEDULED.invokeExact(scheduler, task);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("cannot make a virtual thread", e);
    }
  }

  /**
   * Returns what runs virtual threads that chose nothing.
   *
   * @return the JVM's scheduler, as far as it can be had
   */
  public static Executor scheduler() {
    return SCHEDULER;
  }

  private static Executor scheduler(boolean open) {
    if (open) {
      try {
        Method method =
            Class.forName("java.lang.VirtualThread").getDeclaredMethod("defaultScheduler");
        method.setAccessible(true);
        return (Executor) method.invoke(null);
      } catch (ReflectiveOperationException | InaccessibleObjectException e) {
        // a Java that calls it otherwise: the next best that has a thread for each core
      }
    }
    return ForkJoinPool.commonPool();
  }

  private static ThreadFactory factory() {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      type.getMethod("inheritInheritableThreadLocals", boolean.class).invoke(builder, false);
      return (ThreadFactory) type.getMethod("factory").invoke(builder);
    } catch (ReflectiveOperationException | UnsupportedOperationException e) {
      // before Java 21 there is no such method, or it is a preview that is not enabled
      return null;
    }
  }

  /**
   * The JDK's own builder takes a scheduler, in a constructor that is not public: as long as there
   * is no public way, the program has to open the package.
   */
  private static MethodHandle scheduled() {
    if (Runtime.version().feature() < LEAVES_MONITORS) {
      return null;
    }
    try {
      Class<?> type = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
      Constructor<?> constructor = type.getDeclaredConstructor(Executor.class);
      constructor.setAccessible(true);
      Class<?> builder = Class.forName("java.lang.Thread$Builder");
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      MethodHandle made =
          lookup
              .unreflectConstructor(constructor)
              .asType(MethodType.methodType(builder, Executor.class));
      MethodHandle plain =
          lookup.findVirtual(
              builder,
              "inheritInheritableThreadLocals",
              MethodType.methodType(builder, boolean.class));
      MethodHandle unstarted =
          lookup.findVirtual(
              builder, "unstarted", MethodType.methodType(Thread.class, Runnable.class));
      MethodHandle configured =
          MethodHandles.filterReturnValue(made, MethodHandles.insertArguments(plain, 1, false));
      return MethodHandles.filterArguments(unstarted, 0, configured);
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      return null;
    }
  }
}
