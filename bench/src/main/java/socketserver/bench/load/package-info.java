/** The clients of the benchmarks. */
package socketserver.bench.load;
