package socketserver.contract;

import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import socketserver.BaseRequestHandler;
import socketserver.EventLoopMixIn;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.fixture.Bounds;
import socketserver.fixture.RunningServer;
import socketserver.fixture.Strategy;
import socketserver.fixture.TcpClient;

/**
 * Runs each test as the handler of a request, in the thread that a strategy gives it: so what the
 * test does with its sockets is done where handlers do it.
 */
final class InHandler implements InvocationInterceptor {
  /** Null if tests are no handlers. */
  private final Strategy strategy;

  InHandler(Strategy strategy) {
    this.strategy = strategy;
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    run(invocation, method.getExecutable(), context.getRequiredTestInstance());
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    run(invocation, method.getExecutable(), context.getRequiredTestInstance());
  }

  private void run(Invocation<Void> test, Method method, Object instance) throws Throwable {
    // a server contract has handlers of its own
    if (strategy == null
        || instance instanceof ServerContractTest
        || method.isAnnotationPresent(OutsideHandlers.class)) {
      test.proceed();
      return;
    }
    CompletableFuture<Thread> done = new CompletableFuture<>();
    class Handler extends BaseRequestHandler<StreamSocket> {
      @Override
      public void handle() {
        try {
          test.proceed();
          done.complete(Thread.currentThread());
        } catch (Throwable e) {
          done.completeExceptionally(e);
        }
      }
    }
    TCPServer outer = strategy.server(Handler::new);
    if (outer instanceof EventLoopMixIn loops) {
      // tests may do what handlers should not
      loops.slowCallbackDuration(Bounds.NEVER);
    }
    try (var running = RunningServer.start(outer);
        TcpClient client = TcpClient.to(running)) {
      // the test's own time-out bounds this
      done.get();
      client.rest();
    } catch (ExecutionException | CompletionException e) {
      throw e.getCause();
    }
  }
}
