package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.ListenerSocket;
import socketserver.spi.ListenerEndpoint;
import socketserver.spi.StreamEndpoint;
import socketserver.spi.Transport;

/** Where connections cannot change their process: everything that is for that says why. */
@ParameterizedClass
@MethodSource("socketserver.contract.StreamSetting#notHandingOver")
class NoHandOverContractTest extends ConnectionFixture {
  NoHandOverContractTest(StreamSetting setting) {
    super(setting);
  }

  private static void assertSaysWhatToUse(Executable call) {
    var error = assertThrows(UnsupportedOperationException.class, call);
    assertTrue(error.getMessage().contains("descriptors"), error.getMessage());
  }

  @Test
  void aConnectionIsNotHandedOverAndGoesOn() throws IOException {
    StreamEndpoint endpoint = (StreamEndpoint) socket.transportEndpoint();
    assertSaysWhatToUse(endpoint::handOver);
    peer.send("x");
    assertEquals(1, socket.recv(10).length);
    socket.sendall("y");
    assertEquals("y", peer.receiveText(1));
  }

  @Test
  void descriptorsAreNotAdopted() {
    Transport transport = kind.transport();
    assertSaysWhatToUse(() -> transport.adoptStream(0, new byte[0]));
    assertSaysWhatToUse(() -> transport.adoptDatagram(0));
  }

  @Test
  void connectionsAreNotLeftAlone() throws IOException {
    ListenerSocket listener = opened.add(new ListenerSocket(kind.family()));
    ListenerEndpoint endpoint = (ListenerEndpoint) listener.transportEndpoint();
    assertSaysWhatToUse(endpoint::checkHandsOver);
  }
}
