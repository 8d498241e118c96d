package socketserver.differential;

import java.io.IOException;
import socketserver.StreamSocket;

/** What a table's Java handlers and servers can call, as its Python sources can. */
interface Speaker {
  /** Something whose result or exception is said. */
  interface Action {
    Object run() throws Exception;
  }

  /** As {@link Action}, without a result. */
  interface VoidAction {
    void run() throws Exception;
  }

  Run scenarioRun();

  /** Reports values, shown as Python's side shows them. */
  default void say(Object... values) {
    scenarioRun().say(values);
  }

  /** Says what an action returns or throws. */
  default void attempt(String what, Action action) {
    scenarioRun().attempt(what, action);
  }

  default void attempt(String what, VoidAction action) {
    scenarioRun()
        .attempt(
            what,
            () -> {
              action.run();
              return null;
            });
  }

  /** Waits until the client's script opens a gate. */
  default void gate(String name) throws InterruptedException {
    scenarioRun().gate(name);
  }

  /** Waits until so many bytes can be received. */
  default void arrived(StreamSocket request, int size) throws IOException {
    scenarioRun().arrived(request, size);
  }
}
