package socketserver.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import socketserver.UnixAddress;

/** Paths, abstract names and no name at all, as addresses. */
class UnixAddressTest {
  private static void assertKind(UnixAddress address, boolean isAbstract, boolean isUnnamed) {
    assertEquals(isAbstract, address.isAbstract());
    assertEquals(isUnnamed, address.isUnnamed());
  }

  @Test
  void aPathIsThatPath() {
    UnixAddress address = UnixAddress.of("/run/x.sock");
    assertEquals("/run/x.sock", address.path());
    assertEquals("/run/x.sock", address.toString());
    assertKind(address, false, false);
  }

  @Test
  void everyWayToSayAPathGivesTheSameAddress() throws SocketException {
    UnixAddress address = UnixAddress.of("/run/x.sock");
    assertEquals(address, UnixAddress.of(Path.of("/run/x.sock")));
    assertEquals(address, UnixAddress.of(UnixDomainSocketAddress.of("/run/x.sock")));
    assertSame(address, UnixAddress.of((SocketAddress) address));
    assertEquals(address.hashCode(), UnixAddress.of(Path.of("/run/x.sock")).hashCode());
  }

  @Test
  void aRelativePathStaysRelative() {
    assertEquals("x.sock", UnixAddress.of(Path.of("x.sock")).path());
  }

  @Test
  void aLeadingZeroMakesAnAbstractName() {
    UnixAddress address = UnixAddress.of("\0name");
    assertEquals("\0name", address.path());
    assertKind(address, true, false);
    assertNotEquals(UnixAddress.of("name"), address);
  }

  @Test
  void anAbstractNameIsShownWithoutZeroes() {
    assertEquals("@name", UnixAddress.of("\0name").toString());
    assertEquals("@a@b", UnixAddress.of("\0a\0b").toString());
  }

  @Test
  void aZeroWithinAPathIsRefusedAndShown() {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> UnixAddress.of("/run/x\0y"));
    assertTrue(error.getMessage().contains("/run/x\\0y"), error.getMessage());
  }

  @Test
  void emptyIsUnnamed() throws SocketException {
    assertSame(UnixAddress.UNNAMED, UnixAddress.of(""));
    assertKind(UnixAddress.UNNAMED, false, true);
    assertEquals("", UnixAddress.UNNAMED.path());
    assertEquals("unnamed", UnixAddress.UNNAMED.toString());
    // what the JDK says of a channel that is bound to nothing
    assertEquals(UnixAddress.UNNAMED, UnixAddress.of(UnixDomainSocketAddress.of("")));
  }

  @Test
  void anotherFamilyIsRefusedAndNamed() {
    InetSocketAddress other = InetSocketAddress.createUnresolved("example.org", 80);
    SocketException error = assertThrows(SocketException.class, () -> UnixAddress.of(other));
    assertTrue(error.getMessage().contains("example.org"), error.getMessage());
  }

  @Test
  void nullIsRefused() {
    assertThrows(NullPointerException.class, () -> UnixAddress.of((String) null));
    assertThrows(NullPointerException.class, () -> UnixAddress.of((Path) null));
    assertThrows(SocketException.class, () -> UnixAddress.of((SocketAddress) null));
  }

  @Test
  void differentPathsAreDifferentAddresses() {
    assertNotEquals(UnixAddress.of("/a"), UnixAddress.of("/b"));
    assertFalse(UnixAddress.of("/a").equals((Object) "/a"));
  }

  @Test
  void anAddressOutlivesSerialization() throws Exception {
    for (String path : new String[] {"/run/x.sock", "\0name", ""}) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      new ObjectOutputStream(bytes).writeObject(UnixAddress.of(path));
      ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()));
      assertEquals(UnixAddress.of(path), in.readObject());
    }
  }
}
