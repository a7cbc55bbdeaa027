package dev.posthorn.signing;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Checks a property on random cases; {@code -Dposthorn.seed=…} repeats the one that failed. */
final class Cases {

  private Cases() {}

  static void check(int count, Consumer<RandomGenerator> property) {
    Optional<Long> given = Optional.ofNullable(Long.getLong("posthorn.seed"));
    SecureRandom seeds = new SecureRandom();
    for (int i = 0; i < (given.isPresent() ? 1 : count); i++) {
      long seed = given.orElseGet(seeds::nextLong);
      try {
        property.accept(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("Fails with -Dposthorn.seed=" + seed, e);
      }
    }
  }

  static byte[] bytes(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** 1 to 40 characters, mostly of base64 and its neighbours, some from all over Unicode. */
  static String text(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(1, 41); left > 0; left--) {
      text.appendCodePoint(character(random));
    }
    return text.toString();
  }

  private static int character(RandomGenerator random) {
    return switch (random.nextInt(10)) {
      case 0 -> random.nextInt(0xa0, 0xd800);
      case 1 -> random.nextInt(0xe000, 0x110000);
      case 2, 3 -> "=-_ ".charAt(random.nextInt(4));
      default -> random.nextInt('!', 0x7f);
    };
  }
}
