package socketserver;

import java.io.Serializable;

/**
 * Makes the handler of a request: what Python's {@code RequestHandlerClass} is, usually {@code
 * Handler::new}.
 *
 * <p>Called once a request on the thread that handles it. It may give the same handler again, if
 * that keeps nothing in its fields between {@code setup()} and {@code finish()}. Arguments for a
 * handler go into a lambda: {@code () -> new Handler(folder)}. It is serialisable so that it can
 * cross to the process that handles the request.
 *
 * @param <R> the kind of request
 */
@FunctionalInterface
public interface HandlerFactory<R> extends Serializable {
  /**
   * Makes a handler, not yet run.
   *
   * @return the handler, never null
   * @throws Exception if it cannot be made; treated like an exception in the handler
   */
  BaseRequestHandler<? super R> newHandler() throws Exception;

  /**
   * Makes a factory of a class that is only known at run time.
   *
   * @param <R> the kind of request
   * @param type the handler's class
   * @return a factory that calls its constructor without arguments
   * @throws IllegalArgumentException if the class is abstract, is an inner class, or has no public
   *     or package-private constructor without arguments; the message says which
   */
  static <R> HandlerFactory<R> of(Class<? extends BaseRequestHandler<? super R>> type) {
    return new ClassHandlerFactory<>(type);
  }
}
