package dev.posthorn.delivery;

import java.util.Collection;
import java.util.TreeSet;
import java.util.UUID;

/**
 * How many shards each of some nodes should own: as even as can be, and every node comes to the
 * same answer.
 */
final class ShardShare {
  private ShardShare() {}

  /**
   * @param self one of the settled nodes, or a newer one
   */
  static int of(UUID self, Collection<UUID> settled, int shards) {
    TreeSet<UUID> nodes = new TreeSet<>(settled);
    nodes.add(self);
    int rank = nodes.headSet(self).size();
    int share = shards / nodes.size();
    return rank < shards % nodes.size() ? share + 1 : share;
  }
}
