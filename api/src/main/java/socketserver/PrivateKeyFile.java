package socketserver;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Decodes the private key of a PEM file: PKCS#8, plain or encrypted, and the older forms of OpenSSL
 * for RSA (PKCS#1) and elliptic curves (SEC1).
 */
final class PrivateKeyFile {
  private static final int SEC1_CURVE = 0xa0;
  private static final String CONVERT = "convert it with openssl pkcs8 -topk8";

  /** What messages call the key. */
  private final String name;

  private PrivateKeyFile(Path file) {
    this.name = "the private key in " + file;
  }

  /**
   * Reads the first private key of a file.
   *
   * @param password the key's password; null if it has none
   * @throws IOException if the file cannot be read, there is none, the password is missing or
   *     wrong, or the key is not understood; the message names the file
   */
  static PrivateKey read(Path file, char[] password) throws IOException {
    List<PemBlock> blocks = PemFile.read(file);
    for (PemBlock block : blocks) {
      if (block.isPrivateKey()) {
        return new PrivateKeyFile(file).decode(block, password);
      }
    }
    String labels =
        blocks.stream().map(PemBlock::label).distinct().collect(Collectors.joining(", "));
    throw new IOException("no private key in " + file + ": it has " + labels);
  }

  private PrivateKey decode(PemBlock block, char[] password) throws IOException {
    if (block.encrypted()) {
      throw new IOException(name + " is encrypted in the format that preceded PKCS#8: " + CONVERT);
    }
    byte[] der = block.der();
    try {
      return switch (block.label()) {
        case "PRIVATE KEY" -> pkcs8(der);
        case "ENCRYPTED PRIVATE KEY" -> pkcs8(decrypted(der, password));
        case "RSA PRIVATE KEY" -> pkcs1(der);
        case "EC PRIVATE KEY" -> sec1(der);
        default ->
            throw new IOException(
                name + " is of a kind that is not supported: " + block.label() + "; " + CONVERT);
      };
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("cannot decode " + name + ": " + e.getMessage(), e);
    }
  }

  /** PrivateKeyInfo (RFC 5208): version, algorithm with parameters, key. */
  private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
    Der info = new Der(der).take(Der.SEQUENCE);
    info.take(Der.INTEGER);
    byte[] identifier = info.take(Der.SEQUENCE).take(Der.OBJECT_IDENTIFIER).rest();
    String hex = HexFormat.of().formatHex(identifier);
    String algorithm =
        switch (hex) {
          case "2a864886f70d010101" -> "RSA";
          case "2a864886f70d01010a" -> "RSASSA-PSS";
          case "2a8648ce3d0201" -> "EC";
          case "2b6570" -> "Ed25519";
          case "2b6571" -> "Ed448";
          default ->
              throw new NoSuchAlgorithmException(
                  "no key for TLS has the object identifier 0x" + hex);
        };
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  /** RSAPrivateKey (RFC 8017, A.1.2): version, eight numbers, and more if it has more primes. */
  private static PrivateKey pkcs1(byte[] der) throws GeneralSecurityException {
    Der key = new Der(der).take(Der.SEQUENCE);
    BigInteger version = key.integer();
    RSAPrivateCrtKeySpec spec =
        new RSAPrivateCrtKeySpec(
            key.integer(),
            key.integer(),
            key.integer(),
            key.integer(),
            key.integer(),
            key.integer(),
            key.integer(),
            key.integer());
    if (version.signum() != 0 || key.hasNext()) {
      throw new InvalidKeySpecException("it is no RSA key of two primes");
    }
    return KeyFactory.getInstance("RSA").generatePrivate(spec);
  }

  /** ECPrivateKey (RFC 5915): version, key, curve, public key. */
  private static PrivateKey sec1(byte[] der) throws GeneralSecurityException {
    Der key = new Der(der).take(Der.SEQUENCE);
    if (!key.integer().equals(BigInteger.ONE)) {
      throw new InvalidKeySpecException("it is no EC key of version 1");
    }
    BigInteger secret = new BigInteger(1, key.take(Der.OCTET_STRING).rest());
    if (key.peekTag() != SEC1_CURVE) {
      throw new InvalidKeySpecException("it does not name its curve");
    }
    AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
    try {
      curve.init(key.take(SEC1_CURVE).rest());
    } catch (IOException e) {
      throw new InvalidKeySpecException(e.getMessage(), e);
    }
    ECParameterSpec parameters = curve.getParameterSpec(ECParameterSpec.class);
    return KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(secret, parameters));
  }

  private byte[] decrypted(byte[] der, char[] password) throws IOException {
    if (password == null) {
      throw new IOException(name + " is encrypted: give its password");
    }
    EncryptedPrivateKeyInfo info;
    Cipher cipher;
    try {
      info = new EncryptedPrivateKeyInfo(der);
      cipher = cipher(info, password);
    } catch (InvalidKeySpecException e) {
      // Java 17 takes no password with letters beyond ASCII
      throw new IOException("cannot use the password of " + name + ": " + e.getMessage(), e);
    } catch (GeneralSecurityException | IOException e) {
      String why = ": its encryption is not supported (" + e.getMessage() + "); ";
      throw new IOException("cannot decrypt " + name + why + CONVERT + " -v2 aes-256-cbc", e);
    }
    try {
      return info.getKeySpec(cipher).getEncoded();
    } catch (GeneralSecurityException e) {
      // with a wrong password it is noise: usually the padding shows it, or else the structure
      throw new IOException("wrong password for " + name, e);
    }
  }

  private static Cipher cipher(EncryptedPrivateKeyInfo info, char[] password)
      throws GeneralSecurityException {
    String scheme = info.getAlgName();
    if (scheme.equals("PBES2")) {
      // only the text of its parameters gives the name
      scheme = Objects.toString(info.getAlgParameters(), scheme);
    }
    PBEKeySpec spec = new PBEKeySpec(password);
    try {
      SecretKey key = SecretKeyFactory.getInstance(scheme).generateSecret(spec);
      Cipher cipher = Cipher.getInstance(scheme);
      cipher.init(Cipher.DECRYPT_MODE, key, info.getAlgParameters());
      return cipher;
    } finally {
      spec.clearPassword();
    }
  }
}
