/**
 * What single calls cost: time and memory of reading, writing and the hand-off, measured by JMH.
 */
package socketserver.bench.micro;
