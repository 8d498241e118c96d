/** What was measured, and how it is shown: on the terminal, as a page and as JSON. */
package socketserver.bench.report;
