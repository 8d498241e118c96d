package socketserver.bench.report;

import java.util.List;

/**
 * Where and how it was measured.
 *
 * @param date when the run began
 * @param system operating system and its version
 * @param processor its name
 * @param cores that the load generator and the servers share
 * @param memoryMib the RAM
 * @param runtimes what ran the servers: the JDKs and Python
 * @param rounds how often each contestant took its turn
 * @param seconds that were measured each time
 * @param look whether it was a quick run, which compares nothing
 */
public record Machine(
    String date,
    String system,
    String processor,
    int cores,
    long memoryMib,
    List<String> runtimes,
    int rounds,
    double seconds,
    boolean look) {}
