package socketserver;

import java.util.concurrent.Executor;

/** A user's executor: its threads are lent, and it is the user's to end. */
final class GivenExecutor implements RequestRunner {
  private final Executor executor;

  GivenExecutor(Executor executor) {
    this.executor = executor;
  }

  @Override
  public void run(Runnable request, RequestTask task, boolean daemon) {
    executor.execute(() -> runAndRestore(request));
  }

  private static void runAndRestore(Runnable request) {
    Thread lent = Thread.currentThread();
    String name = lent.getName();
    ClassLoader loader = lent.getContextClassLoader();
    try {
      request.run();
    } finally {
      lent.setContextClassLoader(loader);
      lent.setName(name);
    }
  }

  @Override
  public void releaseIdle() {}
}
