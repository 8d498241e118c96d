package socketserver.differential;

import socketserver.BaseRequestHandler;

/** How a scenario makes its handlers. */
@FunctionalInterface
interface Handling<R> {
  /** A method of a handler, as a lambda. */
  @FunctionalInterface
  interface Body<H> {
    void run(H handler) throws Exception;
  }

  BaseRequestHandler<? super R> newHandler() throws Exception;
}
