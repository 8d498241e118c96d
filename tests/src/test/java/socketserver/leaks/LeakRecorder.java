package socketserver.leaks;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Makes Netty's leak detectors, which then keep what they report. Must be installed before Netty
 * makes the first of them.
 */
final class LeakRecorder extends ResourceLeakDetectorFactory {
  /** What is touched with this is leaked on purpose: kept like the others, but not logged. */
  static final String DELIBERATE = "leaked to see whether leaks are found";

  /** The one that is installed. */
  static final LeakRecorder INSTALLED = install();

  private final List<String> reports = new CopyOnWriteArrayList<>();

  private LeakRecorder() {}

  private static LeakRecorder install() {
    LeakRecorder recorder = new LeakRecorder();
    setResourceLeakDetectorFactory(recorder);
    return recorder;
  }

  /** Everything that was reported so far. */
  List<String> reports() {
    return reports;
  }

  @Override
  @SuppressWarnings("deprecation") // the one that a factory has to have
  public <T> ResourceLeakDetector<T> newResourceLeakDetector(
      Class<T> resource, int samplingInterval, long maxActive) {
    return new Detector<>(resource, samplingInterval);
  }

  private final class Detector<T> extends ResourceLeakDetector<T> {
    Detector(Class<T> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      if (!records.contains(DELIBERATE)) {
        super.reportTracedLeak(resourceType, records);
      }
      reports.add(resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      super.reportUntracedLeak(resourceType);
      reports.add(resourceType + ", with no trace of who had it");
    }
  }
}
