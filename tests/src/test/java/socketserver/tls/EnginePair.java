package socketserver.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** A client's and a server's engine that speak to one another in memory: what contexts can do. */
final class EnginePair {
  private static final int MAX_STEPS = 100;
  private static final int ROOM = 1 << 17;

  final SSLEngine client;
  final SSLEngine server;
  private final ByteBuffer toServer = ByteBuffer.allocate(ROOM);
  private final ByteBuffer toClient = ByteBuffer.allocate(ROOM);

  EnginePair(SSLContext client, SSLContext server) {
    this.client = client.createSSLEngine("localhost", 443);
    this.client.setUseClientMode(true);
    this.server = server.createSSLEngine();
    this.server.setUseClientMode(false);
  }

  /** Does the handshake, or throws what the end that refuses throws. */
  EnginePair handshake() throws SSLException {
    client.beginHandshake();
    server.beginHandshake();
    for (int step = 0; step < MAX_STEPS; step++) {
      boolean moved = advance(client, toClient, toServer);
      moved |= advance(server, toServer, toClient);
      if (!moved) {
        return this;
      }
    }
    throw new AssertionError("the handshake does not end");
  }

  private static boolean advance(SSLEngine engine, ByteBuffer in, ByteBuffer out)
      throws SSLException {
    ByteBuffer application = ByteBuffer.allocate(ROOM);
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
    if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      int before = out.position();
      engine.wrap(ByteBuffer.allocate(0), out);
      return out.position() > before;
    }
    in.flip();
    boolean some = in.hasRemaining();
    if (some) {
      engine.unwrap(in, application);
    }
    in.compact();
    return some;
  }
}
