package socketserver.unix.fork;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.BrokenPipeException;
import socketserver.fixture.Descriptors;

/** What a channel between two processes says when the other one is gone. */
@Timeout(60)
class ChannelBetweenProcessesTest {
  @BeforeEach
  void needsUnixSockets() {
    Descriptors.assumeCountable();
    DescriptorChannel.require("channels between processes");
  }

  @Test
  void sendingToAProcessThatIsGoneIsABrokenPipe() throws Exception {
    SocketPair pair = SocketPair.open();
    try (DescriptorChannel channel = new DescriptorChannel(pair.near().number())) {
      pair.far().close();
      assertThrows(BrokenPipeException.class, () -> channel.send(new byte[1], -1));
      assertThrows(
          BrokenPipeException.class, () -> channel.send(new byte[0], pair.near().number()));
    }
  }

  @Test
  void readingFromAProcessThatIsGoneIsTheEnd() throws Exception {
    SocketPair pair = SocketPair.open();
    try (DescriptorChannel channel = new DescriptorChannel(pair.near().number())) {
      pair.far().close();
      assertThrows(EOFException.class, () -> channel.read(new byte[1]));
      assertThrows(EOFException.class, channel::receive);
    }
  }
}
