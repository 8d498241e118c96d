package socketserver.bench.report;

import java.util.List;

/**
 * All that one run of the harness has measured.
 *
 * @param machine where, with what, and how
 * @param results of the workloads
 * @param tables of the comparisons that are no workloads
 */
public record Run(Machine machine, List<Result> results, List<Table> tables) {}
