/**
 * The servers of the benchmarks, each in a process of its own: this library's, and what a competent
 * person would write with other means. All have the same backlog and send small writes at once.
 */
package socketserver.bench.server;
