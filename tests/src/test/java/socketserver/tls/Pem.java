package socketserver.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

/** Writes certificates and keys as PEM, in every form that is read. */
final class Pem {
  private static final int LINE = 64;
  private static final int P256_BYTES = 32;

  private Pem() {}

  static String block(String label, byte[] der) {
    String base64 =
        Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }

  static String certificates(List<X509Certificate> certificates) {
    StringBuilder text = new StringBuilder();
    try {
      for (X509Certificate certificate : certificates) {
        text.append(block("CERTIFICATE", certificate.getEncoded()));
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e);
    }
    return text.toString();
  }

  static String certificate(X509Certificate certificate) {
    return certificates(List.of(certificate));
  }

  static String pkcs8(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  /** RSAPrivateKey of RFC 8017, A.1.2. */
  static String pkcs1(RSAPrivateCrtKey key) {
    return block(
        "RSA PRIVATE KEY",
        element(
            0x30,
            integer(BigInteger.ZERO),
            integer(key.getModulus()),
            integer(key.getPublicExponent()),
            integer(key.getPrivateExponent()),
            integer(key.getPrimeP()),
            integer(key.getPrimeQ()),
            integer(key.getPrimeExponentP()),
            integer(key.getPrimeExponentQ()),
            integer(key.getCrtCoefficient())));
  }

  /** ECPrivateKey of RFC 5915, with the curve P-256 or without a curve. */
  static String sec1(ECPrivateKey key, boolean curve) {
    byte[] secret = new byte[P256_BYTES];
    byte[] number = key.getS().toByteArray();
    int length = Math.min(number.length, P256_BYTES);
    System.arraycopy(number, number.length - length, secret, P256_BYTES - length, length);
    byte[] p256 = identifier("2a8648ce3d030107");
    return block(
        "EC PRIVATE KEY",
        element(
            0x30,
            integer(BigInteger.ONE),
            element(0x04, secret),
            curve ? element(0xa0, p256) : new byte[0]));
  }

  /** EncryptedPrivateKeyInfo of RFC 5958, as OpenSSL encrypts: PBES2, PBKDF2, AES-256-CBC. */
  static String encrypted(PrivateKey key, String password) {
    String scheme = "PBEWithHmacSHA256AndAES_256";
    int iterations = 2048;
    byte[] salt = "salt and pepper!".getBytes(StandardCharsets.US_ASCII);
    try {
      Cipher cipher = Cipher.getInstance(scheme);
      cipher.init(
          Cipher.ENCRYPT_MODE,
          SecretKeyFactory.getInstance(scheme)
              .generateSecret(new PBEKeySpec(password.toCharArray())),
          new PBEParameterSpec(salt, iterations, new IvParameterSpec(salt)));
      byte[] hmacWithSha256 = element(0x30, identifier("2a864886f70d0209"), element(0x05));
      byte[] keyDerivation =
          element(
              0x30,
              identifier("2a864886f70d01050c"),
              element(
                  0x30,
                  element(0x04, salt),
                  integer(BigInteger.valueOf(iterations)),
                  hmacWithSha256));
      byte[] aes = element(0x30, identifier("60864801650304012a"), element(0x04, salt));
      byte[] pbes2 =
          element(0x30, identifier("2a864886f70d01050d"), element(0x30, keyDerivation, aes));
      byte[] hidden = element(0x04, cipher.doFinal(key.getEncoded()));
      return block("ENCRYPTED PRIVATE KEY", element(0x30, pbes2, hidden));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] integer(BigInteger value) {
    return element(0x02, value.toByteArray());
  }

  private static byte[] identifier(String hex) {
    return element(0x06, HexFormat.of().parseHex(hex));
  }

  private static byte[] element(int tag, byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] head =
        length < 0x80
            ? new byte[] {(byte) tag, (byte) length}
            : length < 0x100
                ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    byte[] whole = Arrays.copyOf(head, head.length + length);
    int at = head.length;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }
}
