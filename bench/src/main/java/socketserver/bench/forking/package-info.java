/**
 * A process for each request: what one takes, how many there are in a second, what a child weighs.
 */
package socketserver.bench.forking;
