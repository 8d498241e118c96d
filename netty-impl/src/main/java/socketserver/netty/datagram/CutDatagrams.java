package socketserver.netty.datagram;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.Datagram;

/** Cuts a socket's datagrams to the size that was asked for, and says so the first time. */
final class CutDatagrams {
  private static final Logger LOGGER = LoggerFactory.getLogger(CutDatagrams.class);

  private final AtomicBoolean reported = new AtomicBoolean();

  Datagram atMost(int size, Datagram datagram) {
    if (datagram.data().length <= size) {
      return datagram;
    }
    if (reported.compareAndSet(false, true)) {
      LOGGER.warn(
          "a datagram was longer than {} bytes and was cut; a larger maxPacketSize keeps it whole"
              + " (later ones are not reported)",
          size);
    }
    return new Datagram(Arrays.copyOf(datagram.data(), size), datagram.address());
  }
}
