package dev.posthorn.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Something that is done to the cluster.
 *
 * @param node whom it hits, by index; the first one of a rolling restart; nobody else's for the
 *     database
 * @param length how long it lasts, where it lasts
 * @param rest the time from its end to the next one
 */
record Fault(Kind kind, int node, Duration length, Duration rest) {
  /** What may happen. */
  enum Kind {
    KILL("`kill -9` of a node"),
    FREEZE("node frozen (SIGSTOP), then thawed"),
    CUT("node cut off from the database, connections reset"),
    SILENCE("node's packets to and from the database lost"),
    DATABASE_CRASH("PostgreSQL stopped with `-m immediate`, started"),
    ROLLING_RESTART("every node stopped by SIGTERM and started, one by one");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** The kinds besides {@code KILL}. */
  static final List<Kind> OTHERS =
      List.of(Kind.FREEZE, Kind.CUT, Kind.SILENCE, Kind.DATABASE_CRASH, Kind.ROLLING_RESTART);

  /**
   * As many kills as wanted, and after every third of them one of the other kinds, each kind in
   * turn.
   */
  static List<Fault> sequence(long seed, int kills, int nodes) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Kind> others = new ArrayList<>(OTHERS);
    Collections.shuffle(others, new Random(seed));
    List<Fault> faults = new ArrayList<>();
    for (int kill = 1; kill <= kills; kill++) {
      faults.add(one(Kind.KILL, random, nodes));
      if (kill % 3 == 2) {
        faults.add(one(others.get(kill / 3 % others.size()), random, nodes));
      }
    }
    return faults;
  }

  private static Fault one(Kind kind, SplittableRandom random, int nodes) {
    return new Fault(
        kind,
        random.nextInt(nodes),
        Duration.ofMillis(random.nextInt(5_000, 8_000)),
        Duration.ofMillis(random.nextInt(200, 4_000)));
  }
}
