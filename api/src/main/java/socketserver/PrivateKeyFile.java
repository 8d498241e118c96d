package socketserver;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Decodes the private key of a PEM file: PKCS#8, plain or encrypted, and the older forms of OpenSSL
 * for RSA (PKCS#1) and elliptic curves (SEC1).
 */
final class PrivateKeyFile {
  private static final byte[] RSA = HexFormat.of().parseHex("2a864886f70d010101");
  private static final byte[] EC = HexFormat.of().parseHex("2a8648ce3d0201");
  private static final byte[] ZERO = Der.element(Der.INTEGER, new byte[] {0});

  /** What Java calls the algorithms, by their object identifiers in hexadecimal. */
  private static final Map<String, String> ALGORITHMS =
      Map.of(
          HexFormat.of().formatHex(RSA),
          "RSA",
          HexFormat.of().formatHex(EC),
          "EC",
          "2a864886f70d01010a",
          "RSASSA-PSS",
          "2b6570",
          "Ed25519",
          "2b6571",
          "Ed448");

  private static final int SEC1_PARAMETERS = 0xa0;

  private final Path file;

  private PrivateKeyFile(Path file) {
    this.file = file;
  }

  /**
   * Decodes the first private key of a file.
   *
   * @param blocks the file's blocks
   * @param password the key's password; null if it has none
   * @throws IOException if there is none, the password is missing or wrong, or the key is not
   *     understood; the message names the file
   */
  static PrivateKey decode(Path file, List<PemBlock> blocks, char[] password) throws IOException {
    for (PemBlock block : blocks) {
      if (block.isPrivateKey()) {
        return new PrivateKeyFile(file).decode(block, password);
      }
    }
    throw new IOException("no private key in " + file + ": it has " + labels(blocks));
  }

  private static String labels(List<PemBlock> blocks) {
    return String.join(", ", blocks.stream().map(PemBlock::label).distinct().toList());
  }

  private PrivateKey decode(PemBlock block, char[] password) throws IOException {
    if (block.encrypted()) {
      throw new IOException(
          "the private key in "
              + file
              + " is encrypted in a way of before PKCS#8: convert it with openssl pkcs8 -topk8");
    }
    return switch (block.label()) {
      case "PRIVATE KEY" -> pkcs8(block.der());
      case "ENCRYPTED PRIVATE KEY" -> encrypted(block.der(), password);
      case "RSA PRIVATE KEY" -> wrapped(rsa(block.der()));
      case "EC PRIVATE KEY" -> wrapped(sec1(block.der()));
      default ->
          throw new IOException(
              "a private key of a kind that is not supported in "
                  + file
                  + ": "
                  + block.label()
                  + " (convert it with openssl pkcs8 -topk8)");
    };
  }

  private PrivateKey wrapped(byte[] der) throws IOException {
    try {
      return pkcs8(der);
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  private PrivateKey pkcs8(byte[] der) throws IOException {
    try {
      return KeyFactory.getInstance(algorithm(der)).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("cannot decode the private key in " + file + ": " + e.getMessage(), e);
    }
  }

  /** PrivateKeyInfo (RFC 5208): version, algorithm with parameters, key. */
  private static String algorithm(byte[] der) throws NoSuchAlgorithmException {
    Der info = new Der(der).take(Der.SEQUENCE);
    info.take(Der.INTEGER);
    byte[] identifier = info.take(Der.SEQUENCE).take(Der.OBJECT_IDENTIFIER).rest();
    String hex = HexFormat.of().formatHex(identifier);
    String name = ALGORITHMS.get(hex);
    if (name == null) {
      throw new NoSuchAlgorithmException("no key for TLS has the object identifier 0x" + hex);
    }
    return name;
  }

  private static byte[] rsa(byte[] pkcs1) {
    return info(Der.element(Der.OBJECT_IDENTIFIER, RSA), Der.element(Der.NULL), pkcs1);
  }

  /** ECPrivateKey (RFC 5915): version, key, curve, public key; PKCS#8 wants the curve outside. */
  private byte[] sec1(byte[] der) throws IOException {
    try {
      Der key = new Der(der).take(Der.SEQUENCE);
      key.take(Der.INTEGER);
      key.take(Der.OCTET_STRING);
      if (key.peekTag() != SEC1_PARAMETERS) {
        throw new IllegalArgumentException("it does not name its curve");
      }
      byte[] curve = key.take(SEC1_PARAMETERS).rest();
      return info(Der.element(Der.OBJECT_IDENTIFIER, EC), curve, der);
    } catch (IllegalArgumentException e) {
      throw new IOException("cannot decode the private key in " + file + ": " + e.getMessage(), e);
    }
  }

  private static byte[] info(byte[] algorithm, byte[] parameters, byte[] key) {
    byte[] octets = Der.element(Der.OCTET_STRING, key);
    try {
      return Der.element(
          Der.SEQUENCE, ZERO, Der.element(Der.SEQUENCE, algorithm, parameters), octets);
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  private PrivateKey encrypted(byte[] der, char[] password) throws IOException {
    if (password == null) {
      throw new IOException("the private key in " + file + " is encrypted: give its password");
    }
    Cipher cipher;
    EncryptedPrivateKeyInfo info;
    PBEKeySpec spec = new PBEKeySpec(password);
    try {
      info = new EncryptedPrivateKeyInfo(der);
      String scheme = scheme(info);
      var key = SecretKeyFactory.getInstance(scheme).generateSecret(spec);
      cipher = Cipher.getInstance(scheme);
      cipher.init(Cipher.DECRYPT_MODE, key, info.getAlgParameters());
    } catch (InvalidKeySpecException e) {
      // Java takes no password with letters beyond ASCII here
      throw new IOException(
          "cannot use the password of the private key in " + file + ": " + e.getMessage(), e);
    } catch (GeneralSecurityException | IOException e) {
      throw new IOException(
          "cannot decrypt the private key in "
              + file
              + ": its encryption is not supported ("
              + e.getMessage()
              + "); convert it with openssl pkcs8 -topk8 -v2 aes-256-cbc",
          e);
    } finally {
      spec.clearPassword();
    }
    byte[] plain = decrypt(info, cipher);
    try {
      return pkcs8(plain);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private byte[] decrypt(EncryptedPrivateKeyInfo info, Cipher cipher) throws IOException {
    try {
      return info.getKeySpec(cipher).getEncoded();
    } catch (GeneralSecurityException e) {
      // with a wrong password it is noise: usually the padding shows it, or else the structure
      throw new IOException("wrong password for the private key in " + file, e);
    }
  }

  /** The scheme's name; that of PBES2 depends on its parameters, and only their text gives it. */
  private static String scheme(EncryptedPrivateKeyInfo info) {
    String name = info.getAlgName();
    boolean second = name.equals("PBES2") || name.equals("1.2.840.113549.1.5.13");
    return second && info.getAlgParameters() != null ? info.getAlgParameters().toString() : name;
  }
}
