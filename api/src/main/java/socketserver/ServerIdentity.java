package socketserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.X509ExtendedKeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate and its key, which are read again when their files have changed. Who asks for them
 * looks at the files, once a second at most; what cannot be used then changes nothing.
 */
final class ServerIdentity {
  private static final Logger LOGGER = LoggerFactory.getLogger(Tls.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path certfile;
  private final Path keyfile;
  private final char[] password;

  /** Somebody looks. */
  private final AtomicBoolean looking = new AtomicBoolean();

  /** Written by whoever looks: when that was. */
  private volatile long looked = System.nanoTime();

  /** Written by whoever looks. */
  private volatile Version current;

  /** Written by whoever looks: what a handshake that has begun still has. */
  private volatile Version previous;

  /** Used by whoever looks: files that could not be used. */
  private List<Object> unusable;

  /**
   * What the files held at some time.
   *
   * @param number of the version, from 0 on
   * @param files what told one state of the files from another
   */
  private record Version(int number, X509ExtendedKeyManager keys, List<Object> files) {}

  /**
   * Reads the files.
   *
   * @param password the key's password, or null; kept, to read the key again
   * @throws IOException as {@link Tls#loadCertChain(Path, Path, char[])}
   */
  ServerIdentity(Path certfile, Path keyfile, char[] password) throws IOException {
    this.certfile = certfile;
    this.keyfile = keyfile;
    this.password = password == null ? null : password.clone();
    List<Object> files = files();
    this.current = new Version(0, read(), files);
    this.previous = current;
  }

  private X509ExtendedKeyManager read() throws IOException {
    return (X509ExtendedKeyManager) Tls.identity(certfile, keyfile, password)[0];
  }

  /** What tells one state of the files from another. */
  private List<Object> files() throws IOException {
    List<Object> state = new ArrayList<>();
    for (Path file : List.of(certfile, keyfile)) {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      state.add(attributes.lastModifiedTime());
      state.add(attributes.size());
      // null on some systems, which a list may hold
      state.add(attributes.fileKey());
    }
    return state;
  }

  /** The number of the version that a handshake which begins now is to use. */
  int newest() {
    if (System.nanoTime() - looked >= LOOK_NANOS && looking.compareAndSet(false, true)) {
      try {
        look();
      } finally {
        looked = System.nanoTime();
        looking.set(false);
      }
    }
    return current.number();
  }

  /** What a version holds; null if it is an old one that nobody should have any more. */
  X509ExtendedKeyManager keys(int version) {
    Version now = current;
    if (now.number() == version) {
      return now.keys();
    }
    Version before = previous;
    return before.number() == version ? before.keys() : null;
  }

  private void look() {
    List<Object> files = null;
    try {
      files = files();
      if (!files.equals(current.files()) && !files.equals(unusable)) {
        Version read = new Version(current.number() + 1, read(), files);
        previous = current;
        current = read;
        LOGGER.info("{} has changed: new connections get the new certificate", certfile);
      }
    } catch (IOException e) {
      // perhaps one of the two files is still to be replaced: the next look tells
      if (unusable == null || !unusable.equals(files)) {
        LOGGER.warn("the certificate stays as it was: {}", e.getMessage());
      }
      unusable = files == null ? List.of() : files;
    }
  }
}
