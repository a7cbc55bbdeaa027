package dev.posthorn.crash;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Jdbi;

/**
 * The take-overs after which a shard's log may lack something, noted while the database still knows
 * them: it forgets them after five minutes.
 */
final class Doubts {
  private static final String TAKEOVERS =
      "SELECT shard, at FROM posthorn.shard_doubt WHERE kind = 'takeover'";

  private final Jdbi jdbi;
  private final Set<Doubt> all = new TreeSet<>();

  /** A shard was taken over at a moment, and its owner had not given it up. */
  record Doubt(int shard, Instant at) implements Comparable<Doubt> {
    @Override
    public int compareTo(Doubt other) {
      int byTime = at.compareTo(other.at);
      return byTime == 0 ? Integer.compare(shard, other.shard) : byTime;
    }
  }

  Doubts(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  void note() {
    all.addAll(
        jdbi.withHandle(handle ->
            handle
                .createQuery(TAKEOVERS)
                .map((row, context) ->
                    new Doubt(row.getInt(1), row.getObject(2, OffsetDateTime.class).toInstant()))
                .list()));
  }

  /** In the order of time. */
  Set<Doubt> all() {
    return new TreeSet<>(all);
  }
}
