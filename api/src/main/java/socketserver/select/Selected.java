package socketserver.select;

import java.util.List;

/**
 * What {@link Select#select} returns; Python has a tuple of three lists. Each is a part of the list
 * that was given, in its order.
 *
 * @param rlist what can be read
 * @param wlist what can be written
 * @param xlist what has urgent data
 */
public record Selected(List<Selectable> rlist, List<Selectable> wlist, List<Selectable> xlist) {}
