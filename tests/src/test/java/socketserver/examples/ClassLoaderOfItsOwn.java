package socketserver.examples;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/**
 * Runs a program as Maven's {@code exec:java} does: in a JVM that was started with other classes
 * and options, by a loader that knows where the program's are.
 */
final class ClassLoaderOfItsOwn {
  private ClassLoaderOfItsOwn() {}

  /**
   * Runs a program.
   *
   * @param args its class path and its class
   */
  public static void main(String[] args) throws Exception {
    String[] entries = args[0].split(File.pathSeparator);
    URL[] urls = new URL[entries.length];
    for (int i = 0; i < entries.length; i++) {
      urls[i] = Path.of(entries[i]).toUri().toURL();
    }
    // open to the end: threads of the library's still use it
    var loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    Class<?> program = loader.loadClass(args[1]);
    program.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
  }
}
