package socketserver.differential;

import java.io.Serializable;
import socketserver.BaseRequestHandler;

/** How a scenario makes its handlers, here or in a child process. */
@FunctionalInterface
interface Handling<R> extends Serializable {
  /** A method of a handler, as a lambda. */
  @FunctionalInterface
  interface Body<H> extends Serializable {
    void run(H handler) throws Exception;
  }

  BaseRequestHandler<? super R> newHandler() throws Exception;
}
