package socketserver.unix.fork;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.spi.ChildSettings;

/**
 * A child process, seen from its parent. A thread of its own listens to it, until it is gone.
 *
 * <p>What it is doing is its {@link Parent}'s to know: the fields that say so are guarded by the
 * pool's lock.
 */
final class Child {
  /** Whom a child's thread tells what the child does. */
  interface Parent {
    /** It has rehearsed. */
    void ready(Child child);

    /** It has the request that it was sent. */
    void taken(Child child);

    /** It has handled the request. */
    void done(Child child, int status);

    /** Its process has ended; nothing follows. */
    void gone(Child child, int status);
  }

  private static final Logger LOGGER = LoggerFactory.getLogger(Child.class);

  /** How long a process may take to end that has closed its end of the channel. */
  private static final long LAST_SECONDS = 2;

  /** The first loads what is needed; the others take the time off the first request. */
  private static final int REHEARSALS = 4;

  private final Parent parent;
  private final ChildCommand command;
  private final Process process;
  private final DescriptorChannel channel;

  /** The child's end of the channel, until the child has it. */
  private final OwnDescriptor far;

  /** How many requests it is to handle; 0 for no limit. */
  private final int most;

  /** Guarded by this: done when all messages so far were sent. */
  private CompletableFuture<Void> sent = CompletableFuture.completedFuture(null);

  /** Guarded by the pool: it has said that it is ready. */
  boolean ready;

  /** Guarded by the pool: what it handles, or null. */
  Assignment assignment;

  /** Guarded by the pool: how many requests it was handed. */
  int handed;

  /** Guarded by the pool: since when it waits, or handles its request. */
  long since;

  /** Guarded by the pool: for how long it was seen not to say what is waited for. */
  long silent;

  /** Guarded by the pool: it has taken too long, and is killed. */
  boolean killed;

  /** Guarded by the pool: it is not to be handed anything. */
  boolean leaving;

  private Child(
      Parent parent,
      ChildCommand command,
      Process process,
      DescriptorChannel channel,
      OwnDescriptor far,
      int most) {
    this.parent = parent;
    this.command = command;
    this.process = process;
    this.channel = channel;
    this.far = far;
    this.most = most;
    this.since = System.nanoTime();
  }

  /**
   * Starts a process.
   *
   * @param parent whom it tells what happens
   * @param command its command line
   * @param most how many requests it is to handle; 0 for no limit
   * @throws IOException if the system refuses; the message has the command line
   */
  static Child start(Parent parent, ChildCommand command, int most) throws IOException {
    SocketPair pair = SocketPair.open();
    DescriptorChannel channel = new DescriptorChannel(pair.near().number());
    try {
      channel.makeRoom();
      ProcessBuilder builder = command.builder().redirectInput(pair.far().redirect());
      // the child's first step is to receive its own end, as a descriptor that is not its input
      channel.send(new byte[0], pair.far().number());
      return new Child(parent, command, start(command, builder), channel, pair.far(), most);
    } catch (Throwable e) {
      channel.close();
      pair.far().close();
      throw e;
    }
  }

  private static Process start(ChildCommand command, ProcessBuilder builder) throws IOException {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new IOException("cannot start a child process: " + e.getMessage() + "; " + command, e);
    }
  }

  /** Has the child rehearse, and starts to listen to it. */
  void begin(ChildSettings settings) {
    start(() -> listen(settings), "socketserver-child-" + pid());
  }

  private static void start(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void listen(ChildSettings settings) {
    process.onExit().thenRun(this::processEnded);
    try {
      hear(Answer.HELLO);
      far.block();
      far.close();
      for (int i = 0; i < REHEARSALS; i++) {
        RehearsalSocket.with(settings, fd -> rehearse(settings.rehearsal(), fd));
      }
      parent.ready(this);
      while (true) {
        answered(Answer.receive(channel));
      }
    } catch (IOException e) {
      LOGGER.debug("child {} says no more: {}", pid(), e.toString());
    } finally {
      try {
        far.close();
        channel.close();
      } finally {
        parent.gone(this, awaitEnd());
      }
    }
  }

  private void rehearse(byte[] task, int fd) throws IOException {
    post(new Message(Message.Kind.REHEARSE, false, task, new byte[0], fd));
    hear(Answer.READY);
  }

  private void hear(Answer expected) throws IOException {
    Answer heard = Answer.receive(channel);
    if (heard != expected) {
      throw new IOException("a child says " + heard + " instead of " + expected);
    }
  }

  private void answered(Answer answer) {
    switch (answer) {
      case HELLO, READY -> throw new IllegalStateException("out of turn: " + answer);
      case TAKEN -> parent.taken(this);
      case DONE -> parent.done(this, 0);
      case FAILED -> parent.done(this, 1);
    }
  }

  /** Whoever inherited the channel from the process may have it open still. */
  private void processEnded() {
    channel.shutdown();
  }

  private int awaitEnd() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          if (process.waitFor(LAST_SECONDS, TimeUnit.SECONDS)) {
            return process.exitValue();
          }
          process.destroyForcibly();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Hands it a request, without waiting for it. */
  void send(Assignment assigned, boolean last) throws IOException {
    post(
        new Message(
            Message.Kind.HANDLE, last, assigned.task(), assigned.data(), assigned.descriptor()));
  }

  /** Tells it to end when it has nothing to do, without waiting for it. */
  void leave() {
    post(Message.leave());
  }

  /**
   * Sends a message after those before. A child that is stopped reads nothing: what does not fit
   * into the system's buffer, or follows such a message, is sent by a thread of its own. The
   * message's descriptor outlives that, as nobody is told that the child is {@linkplain
   * Parent#gone} before the channel is closed.
   */
  private synchronized void post(Message message) {
    if (sent.isDone() && DescriptorChannel.takesAtOnce(message.length())) {
      write(message);
    } else {
      sent =
          sent.thenRunAsync(
              () -> write(message), work -> start(work, "socketserver-child-send-" + pid()));
    }
  }

  /** A child that does not get a message is gone, or will be killed. */
  private void write(Message message) {
    try {
      message.send(channel);
    } catch (IOException e) {
      LOGGER.debug("child {} did not get {}: {}", pid(), message.kind(), e.toString());
    }
  }

  /** Ends a child that nobody listens to. */
  void abandon() {
    kill();
    far.close();
    channel.close();
  }

  /** Asks the process to end, or kills it. */
  void end(boolean forcibly) {
    if (forcibly) {
      kill();
    } else {
      process.destroy();
    }
  }

  void kill() {
    process.destroyForcibly();
  }

  /** Waits until the process has ended. */
  boolean awaitEnd(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Whether the request that it is handed now is its last. Guarded by the parent. */
  boolean isLast() {
    return most > 0 && handed >= most;
  }

  long pid() {
    return process.pid();
  }

  ChildCommand command() {
    return command;
  }
}
