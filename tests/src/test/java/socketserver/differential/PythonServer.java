package socketserver.differential;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A scenario running on CPython's server. */
final class PythonServer implements RunningServer {
  private final PythonProcess process;
  private final int number;
  private final Trace trace = new Trace();
  private final CompletableFuture<String> address = new CompletableFuture<>();
  private final CompletableFuture<String> stopped = new CompletableFuture<>();

  PythonServer(PythonProcess process, int number) {
    this.process = process;
    this.number = number;
  }

  /** Takes a report; called by the thread that reads them. */
  void reported(JsonObject report) {
    if (report.has("event")) {
      String client = report.get("client").getAsString();
      String event = report.get("event").getAsString();
      trace.add(client, report.has("child") ? report.get("child").getAsLong() : 0, event);
    } else if (report.has("address")) {
      address.complete(report.get("address").getAsString());
    } else if (report.has("failed")) {
      address.completeExceptionally(new AssertionError(report.get("failed").getAsString()));
    } else {
      JsonElement problem = report.get("stopped");
      stopped.complete(problem.isJsonNull() ? "" : problem.getAsString());
    }
  }

  void awaitStart() throws Exception {
    get(address, "start");
  }

  @Override
  public String address() {
    return address.join();
  }

  @Override
  public Trace trace() {
    return trace;
  }

  @Override
  public void open(String gate) throws IOException {
    JsonObject command = command("open");
    command.addProperty("gate", gate);
    process.send(command);
  }

  @Override
  public void stop() throws Exception {
    process.send(command("stop"));
    String problem = get(stopped, "stop");
    process.forget(number);
    if (!problem.isEmpty()) {
      throw new AssertionError("stopping Python's server failed: " + problem);
    }
  }

  private JsonObject command(String name) {
    JsonObject command = new JsonObject();
    command.addProperty("command", name);
    command.addProperty("run", number);
    return command;
  }

  private <T> T get(CompletableFuture<T> future, String what) throws Exception {
    try {
      return future.get(Bound.WAIT.multipliedBy(2).toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("Python's server does not " + what + "; so far: " + trace.events());
    }
  }
}
