package socketserver;

/**
 * Who is at the other end of a Unix stream connection, as the system vouches for it (Python: {@code
 * struct.unpack('3i', request.getsockopt(SOL_SOCKET, SO_PEERCRED, 12))}; see unix(7)). Taken when
 * the connection was made: the process may have ended since, and its number may be another's.
 *
 * @param pid the process, or 0 if the system does not tell (it is in another namespace)
 * @param uid its effective user
 * @param gid its effective group
 */
public record PeerCredentials(int pid, int uid, int gid) {}
