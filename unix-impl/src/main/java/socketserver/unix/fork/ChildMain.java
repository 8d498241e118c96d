package socketserver.unix.fork;

import io.netty.channel.unix.FileDescriptor;
import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.spi.ForkedTask;

/**
 * A child process: waits for a request, handles it, and ends or waits for the next.
 *
 * <p>One thread reads what the parent says, always, so that the child ends when the parent does;
 * the one that has read a request handles it while another goes on reading.
 */
public final class ChildMain {
  private static final Logger LOGGER = LoggerFactory.getLogger(ChildMain.class);

  /** The status of a child whose parent is gone. */
  private static final int ORPHANED = 1;

  private final DescriptorChannel parent;

  /** Makes an archive of the classes it has loaded when it ends, for later children. */
  private final boolean archives;

  private final ExecutorService readers = Executors.newCachedThreadPool(ChildMain::daemon);

  /** What the last task was made of; used by whoever is busy, one at a time. */
  private byte[] lastBytes;

  private ForkedTask lastTask;

  /** A request is being handled, or a rehearsal is going on. */
  private final AtomicBoolean busy = new AtomicBoolean();

  /** Set by who reads before it looks at busy, read by who handles after it has cleared that. */
  private volatile boolean leaving;

  private ChildMain(DescriptorChannel parent, boolean archives) {
    this.parent = parent;
    this.archives = archives;
  }

  /**
   * Runs a child. Its standard input is a socket to the parent.
   *
   * @param args {@code archive} to end as a JVM that archives its classes must
   * @throws IOException if there is no parent
   * @throws InterruptedException never
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    DescriptorChannel.require("child processes");
    // the first thing that comes is the socket itself, under another number
    DescriptorChannel parent = new DescriptorChannel(new DescriptorChannel(0).receive());
    // what a handler starts must not inherit it, but can read the end of something; the lowest
    // number that is free is what the next file gets
    new FileDescriptor(0).close();
    System.setIn(new FileInputStream("/dev/null"));
    // what os.getpid() is here takes some milliseconds the first time
    ProcessHandle.current().pid();
    ChildMain child = new ChildMain(parent, args.length > 0);
    DescriptorChannel.keepEventLoops();
    child.tell(Answer.HELLO);
    child.readers.execute(child::read);
    Thread.currentThread().join();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "MainThread");
    thread.setDaemon(true);
    return thread;
  }

  private void read() {
    Message message;
    try {
      message = Message.receive(parent);
    } catch (IOException e) {
      LOGGER.debug("the parent is gone: {}", e.toString());
      end(ORPHANED);
      return;
    }
    if (message.kind() != Message.Kind.LEAVE) {
      // before the next message is read, which may be to leave; and this thread sees what the one
      // has left that was busy before
      busy.getAndSet(true);
      // not after the last message: then the parent may go
      readers.execute(this::read);
    }
    try {
      switch (message.kind()) {
        case REHEARSE -> rehearse(message);
        case HANDLE -> handle(message);
        case LEAVE -> leave();
      }
    } catch (Throwable e) {
      LOGGER.error("a child process failed", e);
      end(ORPHANED);
    }
  }

  private void rehearse(Message message) throws IOException {
    task(message).rehearse(message.fd());
    markFree(Answer.READY);
    if (leaving) {
      end(0);
    }
  }

  private void markFree(Answer answer) {
    busy.set(false);
    tell(answer);
  }

  /** If the parent is gone, it has said before what is to happen then, or the reader finds out. */
  private void tell(Answer answer) {
    try {
      answer.send(parent);
    } catch (IOException e) {
      LOGGER.debug("the parent does not listen: {}", e.toString());
    }
  }

  private void handle(Message message) throws IOException {
    tell(Answer.TAKEN);
    ForkedTask task = task(message);
    int status = task.run(message.fd(), message.data());
    flush();
    if (!message.last()) {
      task.prepare();
    }
    markFree(status == 0 ? Answer.DONE : Answer.FAILED);
    if (message.last() || leaving) {
      end(status);
    }
  }

  private void leave() {
    leaving = true;
    if (!busy.get()) {
      end(0);
    }
  }

  /** The task of a message, which often is that of the one before. */
  private ForkedTask task(Message message) throws IOException {
    if (!Arrays.equals(message.task(), lastBytes)) {
      try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(message.task()))) {
        lastTask = (ForkedTask) in.readObject();
        lastBytes = message.task();
      } catch (ClassNotFoundException e) {
        throw new IOException("a child does not find a class of the server's", e);
      }
    }
    return lastTask;
  }

  private static void flush() {
    System.out.flush();
    System.err.flush();
  }

  /** Like Python's os._exit: no hooks, no other threads; but what was printed is seen. */
  private void end(int status) {
    flush();
    if (archives) {
      System.exit(status);
    }
    Runtime.getRuntime().halt(status);
  }
}
