package socketserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Who is one and the same client. */
class ClientCountsTest {
  private static Object client(String host) throws Exception {
    return ClientCounts.client(new InetSocketAddress(InetAddress.getByName(host), 1));
  }

  @Test
  void anAddressOfIPv4IsAClient() throws Exception {
    assertEquals(client("192.0.2.1"), client("192.0.2.1"));
    assertNotEquals(client("192.0.2.1"), client("192.0.2.2"));
    assertEquals(client("192.0.2.1"), client("::ffff:192.0.2.1"));
  }

  @Test
  void aNetworkOfIPv6IsAClient() throws Exception {
    assertEquals(client("2001:db8:0:1::1"), client("2001:db8:0:1:2:3:4:5"));
    assertNotEquals(client("2001:db8:0:1::1"), client("2001:db8:0:2::1"));
    assertNotEquals(client("fe80::1"), client("fe80::2"));
    assertNotEquals(client("::1"), client("::2"));
  }

  @Test
  void anAddressThatTellsNobodyApartIsNone() {
    assertNull(ClientCounts.client(UnixAddress.of(java.nio.file.Path.of("/tmp/s"))));
    assertNull(ClientCounts.client(null));
    assertNull(ClientCounts.client(InetSocketAddress.createUnresolved("host", 1)));
  }
}
