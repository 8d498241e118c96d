package socketserver.bench.report;

import java.util.List;

/**
 * How one contestant did in one workload.
 *
 * @param contestant its name, with the Java version that it ran on
 * @param ours whether it is of this library
 * @param samples of its rounds
 * @param failure why there are none, or fewer than there should be; else null
 */
public record Outcome(String contestant, boolean ours, List<Sample> samples, String failure) {}
