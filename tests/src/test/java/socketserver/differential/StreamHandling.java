package socketserver.differential;

import java.time.Duration;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;

/** A {@link StreamRequestHandler} whose methods a scenario gives as lambdas. */
final class StreamHandling extends StreamRequestHandler implements Speaker {
  private final Recipe recipe;

  private StreamHandling(Recipe recipe) {
    this.recipe = recipe;
  }

  /** What a scenario says about its handler. */
  static final class Recipe implements Handling<StreamSocket> {
    private static final long serialVersionUID = 1L;

    private final Handling.Body<StreamHandling> handle;
    private Handling.Body<StreamHandling> setup = StreamHandling::superSetup;
    private Handling.Body<StreamHandling> finish = StreamHandling::superFinish;
    private int rbufsize = -1;
    private int wbufsize = 0;
    private Duration timeout;
    private boolean disableNagleAlgorithm;

    private Recipe(Handling.Body<StreamHandling> handle) {
      this.handle = handle;
    }

    Recipe setup(Handling.Body<StreamHandling> body) {
      setup = body;
      return this;
    }

    Recipe finish(Handling.Body<StreamHandling> body) {
      finish = body;
      return this;
    }

    Recipe rbufsize(int size) {
      rbufsize = size;
      return this;
    }

    Recipe wbufsize(int size) {
      wbufsize = size;
      return this;
    }

    Recipe timeout(Duration value) {
      timeout = value;
      return this;
    }

    Recipe disableNagleAlgorithm() {
      disableNagleAlgorithm = true;
      return this;
    }

    @Override
    public StreamHandling newHandler() {
      return new StreamHandling(this);
    }
  }

  static Recipe stream(Handling.Body<StreamHandling> handle) {
    return new Recipe(handle);
  }

  @Override
  public Run scenarioRun() {
    return server(Speaker.class).scenarioRun();
  }

  void superSetup() throws Exception {
    super.setup();
  }

  void superFinish() throws Exception {
    super.finish();
  }

  @Override
  public void setup() throws Exception {
    say("setup");
    recipe.setup.run(this);
  }

  @Override
  public void handle() throws Exception {
    say("handle");
    recipe.handle.run(this);
  }

  @Override
  public void finish() throws Exception {
    say("finish");
    recipe.finish.run(this);
  }

  @Override
  public int rbufsize() {
    return recipe.rbufsize;
  }

  @Override
  public int wbufsize() {
    return recipe.wbufsize;
  }

  @Override
  public Duration timeout() {
    return recipe.timeout;
  }

  @Override
  public boolean disableNagleAlgorithm() {
    return recipe.disableNagleAlgorithm;
  }
}
