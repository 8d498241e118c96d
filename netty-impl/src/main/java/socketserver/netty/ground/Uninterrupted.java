package socketserver.netty.ground;

import java.io.IOException;

/** Calls on the JDK's channels, which close when a thread uses them whose interrupt flag is set. */
public final class Uninterrupted {
  private Uninterrupted() {}

  /** A call that does not wait. */
  public interface Call {
    int make() throws IOException;
  }

  /** Makes a call; an interrupt stays for the next wait. */
  public static int call(Call call) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      return call.make();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
