package socketserver.netty;

/** What tests ask about the engine that all sockets share. */
public final class Engines {
  private Engines() {}

  /** Whether a socket has it. */
  public static boolean isRunning() {
    return Engine.isRunning();
  }
}
