package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.spi.ListenerEndpoint;

/** TCP connections that are left alone until they are used. */
class DeferredTcp extends Tcp {
  @Override
  public void prepare(ListenerSocket listener) {
    ((ListenerEndpoint) listener.transportEndpoint()).withoutReadAhead();
  }

  /** To look at its pipeline would be to use it. */
  @Override
  public void assertRuns(Mechanism mechanism, StreamSocket socket) {
    assertEquals("InternetStream", socket.transportEndpoint().getClass().getSimpleName());
  }
}
