package dev.posthorn.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.db.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class FilterTypesTest {
  @AutoClose private static final TestDatabase postgres = TestDatabase.migrated();

  @Test
  void patternStandsForWhatBeginsWithItsSegments() {
    FilterTypes filter = new FilterTypes(List.of("invoice.*", "a_b"));

    assertThat(filter.matches("invoice.paid")).isTrue();
    assertThat(filter.matches("invoice.line.added")).isTrue();
    assertThat(filter.matches("a_b")).isTrue();
    assertThat(filter.matches("invoice")).isFalse();
    assertThat(filter.matches("invoices.paid")).isFalse();
    assertThat(filter.matches("axb")).isFalse();
  }

  @Test
  void databaseMatchesExactlyWhatTheFilterMatches() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      FilterTypes filter =
          new FilterTypes(
              texts(random, 1 + random.nextInt(3)).stream()
                  .map(type -> random.nextBoolean() ? type + ".*" : type)
                  .toList());
      List<String> types = texts(random, 40);

      assertThat(matchedByDatabase(filter, types))
          .as("seed %d, round %d, %s", seed, round, filter)
          .isEqualTo(types.stream().filter(filter::matches).toList());
    }
  }

  private static List<String> matchedByDatabase(FilterTypes filter, List<String> types) {
    return postgres
        .database()
        .withHandle(handle ->
            handle
                .createQuery(
                    """
                    SELECT type FROM unnest(:types) WITH ORDINALITY AS t (type, at)
                    WHERE type LIKE ANY (:patterns) ORDER BY at
                    """)
                .bindArray("types", String.class, types.toArray())
                .bindArray("patterns", String.class, filter.likePatterns().toArray())
                .mapTo(String.class)
                .list());
  }

  /** Names of few letters, so that they are often parts of one another. */
  private static List<String> texts(Random random, int howMany) {
    List<String> texts = new ArrayList<>();
    for (int at = 0; at < howMany; at++) {
      texts.add(
          IntStream.rangeClosed(0, random.nextInt(3))
              .mapToObj(segment -> segment(random))
              .collect(Collectors.joining(".")));
    }
    return texts;
  }

  private static String segment(Random random) {
    return IntStream.rangeClosed(0, random.nextInt(2))
        .mapToObj(at -> String.valueOf("ab_".charAt(random.nextInt(3))))
        .collect(Collectors.joining());
  }
}
