package socketserver.unix.fork;

import java.io.IOException;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.spi.ForkedRequest;

/** A request for a child, from the moment it is handed over to the moment it has ended. */
final class Assignment implements ForkedRequest {
  private static final Logger LOGGER = LoggerFactory.getLogger(ChildPool.class);

  private final byte[] task;
  private final byte[] data;
  private final OwnDescriptor descriptor;
  private final Object client;
  private final Runnable whenEnded;

  /** Guarded by the pool: by how many children that ended before they took it. */
  int refusals;

  /** Guarded by the pool: a child has it, and it is not handed to another. */
  boolean taken;

  /** Guarded by the pool: it is to end, and no child is to have it any more. */
  boolean cut;

  /** Written under the pool's lock. */
  private volatile long pid;

  private volatile boolean ended;

  Assignment(byte[] task, byte[] data, OwnDescriptor descriptor, Object client, Runnable ended) {
    this.task = task;
    this.data = data;
    this.descriptor = descriptor;
    this.client = client;
    this.whenEnded = ended;
  }

  byte[] task() {
    return task;
  }

  byte[] data() {
    return data;
  }

  int descriptor() throws IOException {
    return descriptor.number();
  }

  Object client() {
    return client;
  }

  void assign(long to) {
    pid = to;
  }

  /** A child has it: this process's descriptor is not needed any more. */
  void release() {
    descriptor.close();
  }

  /** Nothing else will happen to it. Called once, without a lock. */
  void end() {
    descriptor.close();
    ended = true;
    whenEnded.run();
  }

  /** Nobody will handle it. */
  void giveUp(String why) {
    LOGGER.error("the request from {} is closed unhandled: {}", client, why);
    end();
  }

  @Override
  public OptionalLong pid() {
    return pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid);
  }

  @Override
  public boolean hasEnded() {
    return ended;
  }
}
