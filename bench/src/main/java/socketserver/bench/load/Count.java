package socketserver.bench.load;

import org.HdrHistogram.Histogram;

/**
 * What a server did in one run of a load.
 *
 * @param requests answered
 * @param bytes carried, where they are what is counted; else 0
 * @param nanos how long the run took
 * @param latencies nanoseconds from sending each request to having its whole answer; empty where
 *     that means nothing
 */
public record Count(long requests, long bytes, long nanos, Histogram latencies) {}
