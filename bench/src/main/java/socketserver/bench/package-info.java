/** The benchmark harness: the servers under load, beside those that they are compared with. */
package socketserver.bench;
