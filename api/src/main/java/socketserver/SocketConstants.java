package socketserver;

/**
 * The numbers that Python's {@code socket} module gives as constants, as this operating system
 * counts them: Linux's on Linux (and wherever options are only translated, such as Windows), BSD's
 * on macOS.
 *
 * <p>They come from {@code sys/socket.h}, {@code netinet/in.h} and {@code netinet/tcp.h} of the two
 * families.
 */
public interface SocketConstants {
  /** Shut down the reading half. */
  int SHUT_RD = 0;

  /** Shut down the writing half. */
  int SHUT_WR = 1;

  /** Shut down both halves. */
  int SHUT_RDWR = 2;

  /** Send or receive a byte of urgent data, past the stream (TCP). */
  int MSG_OOB = 0x1;

  /** Leave the bytes to be read again. */
  int MSG_PEEK = 0x2;

  /** Wait until all the bytes asked for have arrived, or the stream has ended. */
  int MSG_WAITALL = OperatingSystem.linuxOrBsd(0x100, 0x40);

  /** Do not wait in this call, whatever the time-out. */
  int MSG_DONTWAIT = OperatingSystem.linuxOrBsd(0x40, 0x80);

  /** The level of the options that every socket has. */
  int SOL_SOCKET = OperatingSystem.linuxOrBsd(1, 0xffff);

  /** The level of IPv4's options. */
  int IPPROTO_IP = 0;

  /** The level of TCP's options. */
  int IPPROTO_TCP = 6;

  /** The level of IPv6's options. */
  int IPPROTO_IPV6 = 41;

  /** The level of UDP's options. */
  int IPPROTO_UDP = 17;

  /** Note what the system does with a socket. */
  int SO_DEBUG = 1;

  /** Allow an address to be bound that an older connection still uses. */
  int SO_REUSEADDR = OperatingSystem.linuxOrBsd(2, 0x0004);

  /** The type of the socket: 1 for a stream, 2 for datagrams. */
  int SO_TYPE = OperatingSystem.linuxOrBsd(3, 0x1008);

  /** Read and clear the pending error. */
  int SO_ERROR = OperatingSystem.linuxOrBsd(4, 0x1007);

  /** Send past routers, to hosts of this network only. */
  int SO_DONTROUTE = OperatingSystem.linuxOrBsd(5, 0x0010);

  /** Allow broadcast datagrams to be sent. */
  int SO_BROADCAST = OperatingSystem.linuxOrBsd(6, 0x0020);

  /** The size of the system's send buffer, in bytes. */
  int SO_SNDBUF = OperatingSystem.linuxOrBsd(7, 0x1001);

  /** The size of the system's receive buffer, in bytes. */
  int SO_RCVBUF = OperatingSystem.linuxOrBsd(8, 0x1002);

  /** Send probes on an idle connection. */
  int SO_KEEPALIVE = OperatingSystem.linuxOrBsd(9, 0x0008);

  /** Leave urgent data in the stream. */
  int SO_OOBINLINE = OperatingSystem.linuxOrBsd(10, 0x0100);

  /** The priority of what is sent (Linux). */
  int SO_PRIORITY = 12;

  /** What close does with unsent data: a structure of two ints, on or off and seconds. */
  int SO_LINGER = OperatingSystem.linuxOrBsd(13, 0x0080);

  /** Let several sockets bind the same address and share its traffic. */
  int SO_REUSEPORT = OperatingSystem.linuxOrBsd(15, 0x0200);

  /** Have the credentials of the sender come with what is received (Unix domain sockets). */
  int SO_PASSCRED = 16;

  /** The credentials of the process that connected (Unix domain sockets on Linux). */
  int SO_PEERCRED = 17;

  /** How many bytes there must be before a socket is readable. */
  int SO_RCVLOWAT = OperatingSystem.linuxOrBsd(18, 0x1004);

  /** How many bytes there must be room for before a socket is writable: Linux only tells. */
  int SO_SNDLOWAT = OperatingSystem.linuxOrBsd(19, 0x1003);

  /** The network interface that a socket is bound to: its name (Linux). */
  int SO_BINDTODEVICE = 25;

  /** Whether the socket listens. */
  int SO_ACCEPTCONN = OperatingSystem.linuxOrBsd(30, 0x0002);

  /** The security context of the peer (Unix domain sockets on Linux). */
  int SO_PEERSEC = 31;

  /** Have the security context of the sender come with what is received (Linux). */
  int SO_PASSSEC = 34;

  /** The mark that routing and filters see (Linux). */
  int SO_MARK = 36;

  /** The protocol of the socket (Linux). */
  int SO_PROTOCOL = 38;

  /** The address family of the socket (Linux). */
  int SO_DOMAIN = 39;

  /** The processor that handles what arrives (Linux). */
  int SO_INCOMING_CPU = 49;

  /** Send small segments at once (Nagle's algorithm off). */
  int TCP_NODELAY = 1;

  /** The largest segment. */
  int TCP_MAXSEG = 2;

  /** Hold back partial segments (Linux). */
  int TCP_CORK = 3;

  /** Idle seconds before the first keep-alive probe. */
  int TCP_KEEPIDLE = OperatingSystem.linuxOrBsd(4, 0x10);

  /** Seconds between keep-alive probes. */
  int TCP_KEEPINTVL = OperatingSystem.linuxOrBsd(5, 0x101);

  /** Probes without an answer before the connection is dropped. */
  int TCP_KEEPCNT = OperatingSystem.linuxOrBsd(6, 0x102);

  /** How often to ask for a connection before giving up (Linux). */
  int TCP_SYNCNT = 7;

  /** How many seconds a connection that is closed here waits for the peer's end (Linux). */
  int TCP_LINGER2 = 8;

  /** Wake the listener only when data has arrived; how many seconds to wait for it (Linux). */
  int TCP_DEFER_ACCEPT = 9;

  /** The most that the peer is told to send (Linux). */
  int TCP_WINDOW_CLAMP = 10;

  /** What the system knows of the connection: a structure (Linux). */
  int TCP_INFO = 11;

  /** Acknowledge at once, for now (Linux). */
  int TCP_QUICKACK = 12;

  /** The name of the algorithm against congestion (Linux). */
  int TCP_CONGESTION = 13;

  /** How many milliseconds data may go without acknowledgement before the end (Linux). */
  int TCP_USER_TIMEOUT = 18;

  /** Take data with the first packet of a connection; how many may be pending. */
  int TCP_FASTOPEN = OperatingSystem.linuxOrBsd(23, 0x105);

  /** How many bytes may be unsent while the socket is writable. */
  int TCP_NOTSENT_LOWAT = OperatingSystem.linuxOrBsd(25, 0x201);

  /** The type of service of outgoing IPv4 packets. */
  int IP_TOS = OperatingSystem.linuxOrBsd(1, 3);

  /** The time to live of outgoing IPv4 packets. */
  int IP_TTL = OperatingSystem.linuxOrBsd(2, 4);

  /** The interface for outgoing multicast: an IPv4 address of four bytes. */
  int IP_MULTICAST_IF = OperatingSystem.linuxOrBsd(32, 9);

  /** The time to live of outgoing multicast. */
  int IP_MULTICAST_TTL = OperatingSystem.linuxOrBsd(33, 10);

  /** Whether outgoing multicast is received on this machine too. */
  int IP_MULTICAST_LOOP = OperatingSystem.linuxOrBsd(34, 11);

  /** Join a multicast group: eight bytes, the group's address and the interface's. */
  int IP_ADD_MEMBERSHIP = OperatingSystem.linuxOrBsd(35, 12);

  /** Leave a multicast group: eight bytes, the group's address and the interface's. */
  int IP_DROP_MEMBERSHIP = OperatingSystem.linuxOrBsd(36, 13);

  /** The interface for outgoing IPv6 multicast: its index. */
  int IPV6_MULTICAST_IF = OperatingSystem.linuxOrBsd(17, 9);

  /** The hop limit of outgoing IPv6 multicast. */
  int IPV6_MULTICAST_HOPS = OperatingSystem.linuxOrBsd(18, 10);

  /** Whether outgoing IPv6 multicast is received on this machine too. */
  int IPV6_MULTICAST_LOOP = OperatingSystem.linuxOrBsd(19, 11);

  /** Join an IPv6 multicast group: its 16 bytes and the interface's index, an int. */
  int IPV6_JOIN_GROUP = OperatingSystem.linuxOrBsd(20, 12);

  /** Leave an IPv6 multicast group: its 16 bytes and the interface's index, an int. */
  int IPV6_LEAVE_GROUP = OperatingSystem.linuxOrBsd(21, 13);

  /** Keep an IPv6 socket from serving IPv4 as well. */
  int IPV6_V6ONLY = OperatingSystem.linuxOrBsd(26, 27);

  /** The longest queue of waiting connections that the system is asked for. */
  int SOMAXCONN = OperatingSystem.linuxOrBsd(4096, 128);
}
